import type { Node } from '../../../discovery/registry.ts';
import { MicroError } from '../../errors.ts';
import type { Body, Message } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import type { CallOptions, Request } from '../client.ts';
import { broken, defaultDialTimeoutMs, refused, unsendable } from '../failure.ts';
import type { Sender } from '../protocol.ts';
import type { Connection } from './connection.ts';
import type { Answers } from './large.ts';
import type { Pool } from './pool.ts';
import type { Format } from './request.ts';
import { decode, encode, headersOf } from './request.ts';
import type { SharedConnection } from './shared.ts';
import type { Sharing } from './sharing.ts';

/** A request made ready once for all attempts. */
export interface Prepared {
  readonly format: Format;
  /** Undefined when each attempt has a body of its own: an envelope holds its id. */
  readonly body: Body | undefined;
}

/** One attempt at one node. */
export interface Attempt {
  readonly sender: Sender;
  readonly node: Node;
  readonly request: Request;
  readonly prepared: Prepared;
  readonly options: CallOptions;
  readonly budget: Budget;
  /** Learns how large the answers are. */
  readonly answers: Answers;
}

/** On a connection of its own, an idle one or a new one: the request, the answer. May throw at once. */
export function exchangeAlone(pool: Pool, attempt: Attempt): Promise<unknown> {
  const { node, options, budget } = attempt;
  const idle = pool.take(node.address);
  if (idle !== undefined) return askAlone(pool, idle, attempt);
  return connect(pool, node.address, options, budget).then((connection) => askAlone(pool, connection, attempt));
}

/** On a connection that other calls use at the same time. May throw at once. */
export function exchangeShared(sharing: Sharing, attempt: Attempt): Promise<unknown> {
  const { node, options, budget } = attempt;
  const connection = sharing.take(node.address);
  if (connection !== undefined) return askShared(connection, attempt);
  return sharing
    .connect(node.address, options.dialTimeoutMs ?? defaultDialTimeoutMs, budget)
    .then((dialed) => askShared(dialed, attempt));
}

/**
 * A connection is only known to be open up to the moment of sending. When it breaks after that without an answer, nobody on this
 * side can tell whether the handler ran: the other side may have closed it while the request was on its way, or have died in the
 * middle. So this is never repeated behind the caller's back; it is a 500 like others, which retries by default cover.
 */
function askAlone(pool: Pool, connection: Connection, attempt: Attempt): Promise<unknown> {
  const { request, prepared, options, sender, budget } = attempt;
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
      const headers = headersOf(request, prepared.format.contentType, options, sender, budget);
      connection.exchange(headers, prepared.body ?? encode(request.body, request, prepared.format, headers), {
        resolve(message) {
          settled();
          settle(attempt, message, resolve, reject);
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

function askShared(connection: SharedConnection, attempt: Attempt): Promise<unknown> {
  const { request, prepared, options, sender, budget } = attempt;
  return new Promise((resolve, reject) => {
    const headers = headersOf(request, prepared.format.contentType, options, sender, budget);
    const id = headers['Micro-Id'] ?? '';
    budget.onOver = (error) => {
      connection.leave(id, budget.canceled ? 'canceled' : 'late');
      reject(error);
    };
    try {
      connection.ask(id, headers, prepared.body ?? '', {
        heard: 0,
        resolve(message) {
          budget.onOver = undefined;
          settle(attempt, message, resolve, reject);
        },
        reject(error) {
          budget.onOver = undefined;
          reject(error);
        },
      });
    } catch (error) {
      budget.onOver = undefined;
      reject(unsendable(error));
    }
  });
}

function settle(
  { request, prepared, answers }: Attempt,
  message: Message,
  resolve: (value: unknown) => void,
  reject: (error: MicroError) => void,
): void {
  answers.came(request.service, request.endpoint, message.body.length);
  try {
    resolve(decode(message, request, prepared.format));
  } catch (error) {
    reject(MicroError.from(error, 'go.micro.client'));
  }
}

async function connect(pool: Pool, address: string, options: CallOptions, budget: Budget): Promise<Connection> {
  const dialing = pool.dial(address, options.dialTimeoutMs ?? defaultDialTimeoutMs).catch(refused);
  const connection = await budget.guard(dialing, (late) => pool.release(late));
  if (!connection.open) throw broken(undefined);
  return connection;
}
