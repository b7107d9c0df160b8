import { onTestFinished } from 'vitest';
import type { Node } from '../../src/discovery/registry.ts';
import type { Message, Socket } from '../../src/runtime/transport/transport.ts';
import type { World } from './world.ts';

export interface Mirror {
  /** What was asked, byte by byte. */
  readonly bodies: readonly string[];
  readonly node: Node;
}

/**
 * Registers the service `mirror`, which reads and writes messages and knows nothing of what is in them: it answers with the bytes it was
 * sent, or always with `answer`, or always with an error. It leaves with the test.
 */
export async function startMirror(world: World, answer?: string | { readonly error: string }): Promise<Mirror> {
  const bodies: string[] = [];
  const sockets: Socket[] = [];
  const listener = await world.transport.listen(':0', (socket) => {
    sockets.push(socket);
    return { closed() {}, message };

    function message({ headers, body }: Message): void {
      bodies.push(body.toString());
      const own = { 'Content-Type': headers['Content-Type'] ?? '', 'Micro-Id': headers['Micro-Id'] ?? '' };
      if (typeof answer === 'object') socket.send({ ...own, 'Micro-Error': answer.error }, '');
      else socket.send(own, answer ?? body);
    }
  });
  const node = { id: 'mirror-1', address: listener.address, metadata: { protocol: 'mucp' } };
  const record = { name: 'mirror', version: '', metadata: {}, endpoints: [], nodes: [node] };
  await world.registry.register(record);
  onTestFinished(async () => {
    await world.registry.deregister(record);
    await listener.close();
    for (const socket of sockets) socket.destroy();
  });
  return { bodies, node };
}
