import type { Node } from '../../../discovery/registry.ts';
import { MicroError } from '../../errors.ts';
import type { Body } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import { broken, defaultDialTimeoutMs, refused, unsendable } from '../failure.ts';
import type { Sender } from '../protocol.ts';
import type { Connection } from './connection.ts';
import type { Pool } from './pool.ts';
import type { Format } from './request.ts';
import { decode, encode, headersOf } from './request.ts';

/** A request made ready once for all attempts. */
export interface Prepared {
  readonly format: Format;
  /** Undefined when each attempt has a body of its own: an envelope holds its id. */
  readonly body: Body | undefined;
}

/** One attempt at one node: an idle connection or a new one, the request, the answer. May throw at once. */
export function exchange(
  pool: Pool,
  sender: Sender,
  node: Node,
  request: Request,
  options: CallOptions,
  prepared: Prepared,
  budget: Budget,
): Promise<unknown> {
  // A call wrapper may have waited before it went on.
  if (budget.error !== undefined) throw budget.error;
  const idle = pool.take(node.address);
  if (idle !== undefined) return ask(pool, idle, sender, request, options, prepared, budget);
  return connect(pool, node.address, options, budget).then((connection) =>
    ask(pool, connection, sender, request, options, prepared, budget),
  );
}

/**
 * A connection is only known to be open up to the moment of sending. When it breaks after that without an answer, nobody on this
 * side can tell whether the handler ran: the other side may have closed it while the request was on its way, or have died in the
 * middle. So this is never repeated behind the caller's back; it is a 500 like others, which retries by default cover.
 */
function ask(
  pool: Pool,
  connection: Connection,
  sender: Sender,
  request: Request,
  options: CallOptions,
  { format, body }: Prepared,
  budget: Budget,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    budget.onOver = (error) => {
      pool.drop(connection);
      reject(error);
    };
    const settled = (): void => {
      budget.onOver = undefined;
      pool.release(connection);
    };
    try {
      const headers = headersOf(request, format.contentType, options, sender, budget);
      connection.exchange(headers, body ?? encode(request.body, request, format, headers), {
        resolve(message) {
          settled();
          try {
            resolve(decode(message, request, format));
          } catch (error) {
            reject(MicroError.from(error, 'go.micro.client'));
          }
        },
        reject(error) {
          budget.onOver = undefined;
          reject(error);
        },
      });
    } catch (error) {
      settled();
      reject(unsendable(error));
    }
  });
}

async function connect(pool: Pool, address: string, options: CallOptions, budget: Budget): Promise<Connection> {
  const dialing = pool.dial(address, options.dialTimeoutMs ?? defaultDialTimeoutMs).catch(refused);
  const connection = await budget.guard(dialing, (late) => pool.release(late));
  if (!connection.open) throw broken(undefined);
  return connection;
}
