import { setMaxListeners } from 'node:events';
import { deadline } from '../../async/deadline.ts';
import { type Log, silent } from '../../log/log.ts';
import { NatsOptionsError, type NatsServers, type NatsTls, natsServers } from '../../nats/servers.ts';
import { ordered } from '../order.ts';
import { type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { newWatchers } from '../watchers.ts';
import { newDeparted } from './departed.ts';
import { newDesk } from './desk.ts';
import { newLine } from './line.ts';
import { ask, keyOf, type Nodes } from './question.ts';
import { newReader } from './reader.ts';
import { newRoll } from './roll.ts';
import type { Heard } from './session.ts';
import { goSubjects, type NatsSubjects, readAnnouncement } from './words.ts';

export interface NatsRegistryOptions {
  /** Any of one cluster: `nats://user:password@host:4222`, `nats://token@host`, `tls://host`, or `host:4222`. None: `127.0.0.1:4222`. */
  readonly addresses: readonly string[];
  /** How long NATS may take for an answer, in milliseconds. A watch outlives an outage that is no longer. Default 5000. */
  readonly timeoutMs?: number;
  /** How long a silence ends the answers of the services; twice as long before "nobody" is believed. Default 100, as in go-micro. */
  readonly windowMs?: number;
  /** How often a watch asks who is still there; after two questions without an answer a node is gone. Default 5000. */
  readonly refreshMs?: number;
  /** Where to ask and to tell. Default: where go-micro 1 and 2 do, and where 6 does. */
  readonly subjects?: readonly NatsSubjects[];
  readonly tls?: NatsTls;
  readonly log?: Log;
}

/**
 * Finds services over NATS the way go-micro does: nothing is stored, each process answers for what it registered. It connects with the
 * first question, and again when the connection is lost; what is registered is then announced again, and a watch tells what changed
 * meanwhile. A watch also tells (`create`) of the nodes that it finds when it begins. Whose time to live is over is taken back by its own
 * process; who was killed answers no more. Throws a `RegistryError` (`invalid`) for addresses and certificates that can't be used.
 */
export function natsRegistry(options: NatsRegistryOptions): Registry {
  const { timeoutMs = 5000, windowMs = 100, refreshMs = 5000, subjects = goSubjects, log = silent } = options;
  const queries = subjects.map(({ query }) => query);
  const departed = newDeparted();
  const reader = newReader(log);
  const closing = new AbortController();
  // One for each question that is open.
  setMaxListeners(0, closing.signal);
  let calling: AbortController | undefined;
  let patience: NodeJS.Timeout | undefined;

  const line = newLine({
    servers: serversOf(options),
    timeoutMs,
    log,
    prepare(session) {
      for (const { watch } of subjects) session.subscribe(watch, hear);
      desk.prepare(session);
    },
    onUp(session, isBack) {
      clearTimeout(patience);
      desk.announceAll(session);
      if (isBack) roll.excuse();
    },
    onDown(error) {
      clearTimeout(patience);
      patience = setTimeout(() => watchers.fail(error), timeoutMs);
    },
    isNeeded: () => !desk.isEmpty || watchers.size > 0,
  });
  const desk = newDesk({ subjects, session: () => line.current });
  const watchers = newWatchers(() => {
    if (watchers.size > 0) roll.again();
    else rest();
  });

  const read = (text: string): ServiceRecord | undefined => reader.text(text);

  const question = async (
    name: string | undefined,
    expected: Nodes | undefined,
    signal: AbortSignal,
  ): Promise<Nodes> => {
    const session = await line.session();
    signal.throwIfAborted();
    const found = await ask({ session, subjects: queries, name, windowMs, expected, read, signal });
    return new Map([...found].filter(([key]) => !departed.has(key)));
  };

  const roll = newRoll({
    ask: (name) => work((signal) => question(name, undefined, signal)),
    wanted: () => watchers.services,
    emit: (event) => watchers.emit(event),
    refreshMs,
    onFailure: (error) => log.debug('NATS: the nodes could not be asked', { error }),
  });

  const hear = ({ text }: Heard): void => {
    const announcement = readAnnouncement(text);
    if (announcement === undefined) return;
    // Who does not watch needs to know only who has left, and who of them is back.
    if (watchers.size === 0 && announcement.kind === 'here' && departed.isEmpty) return;
    const record = reader.json(announcement.service);
    if (record === undefined) return;
    for (const node of record.nodes) {
      const key = keyOf(record.name, node.id);
      const alone = { ...record, nodes: [node] };
      if (announcement.kind === 'here') departed.returned(key);
      else if (!departed.left(key)) continue;
      if (watchers.size === 0) continue;
      if (announcement.kind === 'here') roll.announced(key, alone);
      else roll.departed(key, alone);
    }
  };

  /** Nobody watches any more. What was known when the connection was lost is kept: it is the last that was true. */
  const rest = (): void => {
    calling?.abort();
    if (line.current !== undefined) roll.forget();
  };

  const open = (): void => {
    if (closing.signal.aborted) throw new RegistryError('closed', 'the NATS registry is closed');
  };

  /** Gives it the time there is for a question. */
  const work = async <T>(what: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    open();
    using limit = deadline(closing.signal, timeoutMs);
    const { signal } = limit;
    const late = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true });
    });
    try {
      return await Promise.race([what(signal), late]);
    } catch (error) {
      throw line.unavailable(error);
    }
  };

  const find = async (name: string | undefined, signal: AbortSignal): Promise<readonly ServiceRecord[]> => {
    const found = await question(name, roll.expected(name), signal);
    // Those that are excused may be on their way back.
    const nodes = new Map([...roll.excused(name), ...found]);
    return ordered([...nodes].filter(([key]) => !departed.has(key)).map(([, record]) => record));
  };

  return {
    name: 'nats',
    listsNodes: true,
    get isOut() {
      return line.isOut;
    },
    register: (service, { ttlMs } = {}) =>
      work((signal) => desk.register(service, ttlMs, () => line.session(), signal)),
    deregister: (service) => work((signal) => desk.deregister(service, () => line.session(), signal)),
    getService: (name) => work((signal) => find(name, signal)),
    listServices: () => work((signal) => find(undefined, signal)),
    async watch(watchOptions) {
      await work(() => line.session());
      open();
      const events = watchers.add(watchOptions);
      if (watchers.size > 0 && (calling === undefined || calling.signal.aborted)) {
        calling = new AbortController();
        void roll.call(calling.signal);
      } else if (watchers.size > 0) roll.again();
      return events;
    },
    async close() {
      if (closing.signal.aborted) return;
      clearTimeout(patience);
      desk.close();
      closing.abort();
      watchers.fail(new RegistryError('closed', 'the NATS registry was closed'));
      calling?.abort();
      await line.close();
    },
  };
}

function serversOf({ addresses, tls }: NatsRegistryOptions): NatsServers {
  try {
    return natsServers(addresses, tls);
  } catch (error) {
    if (error instanceof NatsOptionsError) throw new RegistryError('invalid', error.message, { cause: error });
    throw error;
  }
}
