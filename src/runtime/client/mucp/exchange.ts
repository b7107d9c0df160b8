import type { Node } from '../../../discovery/registry.ts';
import { internalServerError, MicroError } from '../../errors.ts';
import type { Body } from '../../transport/transport.ts';
import { TransportError } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import type { Connection } from './connection.ts';
import { broken } from './connection.ts';
import type { Pool } from './pool.ts';
import type { Format, Sender } from './request.ts';
import { decode, headersOf } from './request.ts';

/** A request made ready once for all attempts. */
export interface Prepared {
  readonly format: Format;
  readonly body: Body;
}

export const defaultDialTimeoutMs = 5000;

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
  refuseGrpc(node);
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
      connection.exchange(headersOf(request, format.contentType, options, sender, budget), body, {
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

/** Nodes that are no go-micro servers of ours cannot be called by trying. */
export function refuseGrpc({ id, address, metadata }: Node): void {
  if (metadata['protocol'] !== 'grpc') return;
  throw new MicroError(
    'go.micro.client',
    501,
    `node ${id} at ${address} speaks grpc, and this client speaks mucp only`,
  );
}

/** The error a failed dial becomes. Its cause tells selectors that the node could not be reached. */
export function refused(error: unknown): never {
  if (error instanceof MicroError) throw error;
  const text = error instanceof Error ? error.message : String(error);
  throw internalServerError('go.micro.client', `connection error: ${text}`, { cause: error });
}

/** The error of a message that could not be written: trying again would not change it, so it is no 500. */
export function unsendable(error: unknown): MicroError {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof TransportError && error.code === 'invalid' ? 400 : 500;
  return new MicroError('go.micro.client.transport', code, text, { cause: error });
}

/** Whether an attempt failed because of the way to the node, not because of what the node answered. */
export const isUnreachable = (error: MicroError): boolean =>
  error.cause instanceof TransportError || (error.id === 'go.micro.client.transport' && error.code === 500);
