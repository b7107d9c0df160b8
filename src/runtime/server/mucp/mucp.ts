import { multiplexes } from '../../multiplex.ts';
import type { Transport } from '../../transport/transport.ts';
import type { ServerProtocol } from '../protocol.ts';
import { ServerConnection } from './connection.ts';

/** go-micro's own protocol over any transport. */
export function mucpServerProtocol(transport: Transport): ServerProtocol {
  return {
    name: 'mucp',
    transport: transport.name,
    ...(transport.ordered === true ? { metadata: multiplexes } : {}),

    async listen(address, core) {
      const connections = new Set<ServerConnection>();
      let onEmpty = (): void => {};
      const listener = await transport.listen(address, (socket) => {
        const connection = new ServerConnection(core, socket, (closed) => {
          connections.delete(closed);
          if (connections.size === 0) onEmpty();
        });
        connections.add(connection);
        return connection;
      });
      let closing: Promise<void> | undefined;

      return {
        address: listener.address,
        retire() {
          for (const connection of connections) connection.retire();
          closing ??= listener.close();
        },
        abort(reason) {
          for (const connection of connections) connection.abort(reason);
        },
        async close() {
          closing ??= listener.close();
          for (const connection of connections) connection.close();
          if (connections.size > 0) {
            await new Promise<void>((resolve) => {
              onEmpty = resolve;
            });
          }
          await closing;
        },
        destroy() {
          for (const connection of connections) connection.destroy();
        },
      };
    },
  };
}
