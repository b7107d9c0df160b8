import { RegistryError, type ServiceRecord } from '../registry.ts';
import { recordJson } from '../record-json.ts';
import type { Heard, Session } from './session.ts';
import { newShelf } from '../shelf.ts';
import { announcementText, type NatsSubjects, readQuestion } from './words.ts';

/** Registers, and answers for what is registered. */
export interface Desk {
  readonly isEmpty: boolean;
  /** `session` gives the one to tell it on. */
  register(
    service: ServiceRecord,
    ttlMs: number | undefined,
    session: () => Promise<Session>,
    signal: AbortSignal,
  ): Promise<void>;
  deregister(service: ServiceRecord, session: () => Promise<Session>, signal: AbortSignal): Promise<void>;
  /** On a new session: listens to questions, if there is something to answer. */
  prepare(session: Session): void;
  announceAll(session: Session): void;
  /** Says goodbye for all, if there is a session. */
  close(): void;
}

export interface DeskOptions {
  readonly subjects: readonly NatsSubjects[];
  /** The session that is up. */
  readonly session: () => Session | undefined;
}

export function newDesk({ subjects, session: current }: DeskOptions): Desk {
  /** The session on which we listen, and what ends that. */
  let listening: { readonly session: Session; readonly leave: readonly (() => void)[] } | undefined;

  const shelf = newShelf((record) => {
    const session = current();
    if (session === undefined) return;
    tell(session, 'delete', record);
    restIfEmpty();
  });

  const tell = (session: Session, action: 'create' | 'delete', service: ServiceRecord): void => {
    const write = (part: ServiceRecord): string => announcementText(action, part);
    for (const text of fitting(service, write, session.maxBytes))
      for (const { watch } of subjects) session.publish(watch, text);
  };

  const listen = (session: Session): void => {
    if (listening?.session === session) return;
    const answer = (heard: Heard): void => reply(session, heard);
    listening = { session, leave: subjects.map(({ query }) => session.subscribe(query, answer)) };
  };

  const restIfEmpty = (): void => {
    if (!shelf.isEmpty) return;
    for (const leave of listening?.leave ?? []) leave();
    listening = undefined;
  };

  const reply = (session: Session, { text, reply: to }: Heard): void => {
    const wanted = readQuestion(text);
    if (wanted === undefined || to === '') return;
    for (const record of wanted.kind === 'all' ? shelf.all() : shelf.of(wanted.name)) {
      for (const text of fitting(record, recordJson, session.maxBytes)) session.publish(to, text);
    }
  };

  return {
    get isEmpty() {
      return shelf.isEmpty;
    },
    async register(service, ttlMs, session, signal) {
      check(service);
      const isNew = (id: string): boolean => !shelf.has(service.name, id);
      const fresh = service.nodes.filter(({ id }) => isNew(id));
      // Its owner is alive, whether it can be told or not.
      shelf.put(
        service,
        service.nodes.filter(({ id }) => !isNew(id)),
        ttlMs,
      );
      const on = await session();
      signal.throwIfAborted();
      checkSize(service, on.maxBytes);
      shelf.put(service, fresh, ttlMs);
      if (shelf.isEmpty) return;
      try {
        listen(on);
        tell(on, 'create', service);
        await on.flush();
        if (subjects.every(({ query }) => on.refuses('subscription', query)))
          throw new RegistryError('unavailable', 'NATS does not let us listen to the questions of others');
      } catch (error) {
        for (const { id } of fresh) shelf.take(service.name, id);
        const now = current();
        if (now !== undefined && fresh.length > 0) tell(now, 'delete', { ...service, nodes: fresh });
        restIfEmpty();
        throw error;
      }
    },
    async deregister(service, session, signal) {
      const own = service.nodes.map(({ id }) => shelf.take(service.name, id));
      const strange = service.nodes.filter((_node, at) => own[at] === undefined);
      if (service.nodes.length === 0) return;
      const on = await session();
      signal.throwIfAborted();
      restIfEmpty();
      for (const record of own) if (record !== undefined) tell(on, 'delete', record);
      if (strange.length > 0) tell(on, 'delete', { ...service, nodes: strange });
      await on.flush();
    },
    prepare(session) {
      if (!shelf.isEmpty) listen(session);
    },
    announceAll(session) {
      for (const record of shelf.all()) tell(session, 'create', record);
    },
    close() {
      const session = current();
      if (session !== undefined) for (const record of shelf.all()) tell(session, 'delete', record);
      shelf.clear();
      restIfEmpty();
    },
  };
}

function check({ name, nodes }: ServiceRecord): void {
  if (name === '') throw new RegistryError('invalid', 'a service record needs a name');
  if (nodes.some(({ id, address }) => id === '' || address === ''))
    throw new RegistryError('invalid', `a node of ${JSON.stringify(name)} has no id or no address`);
}

function checkSize(service: ServiceRecord, maxBytes: number): void {
  for (const node of service.nodes) {
    const bytes = Buffer.byteLength(announcementText('create', { ...service, nodes: [node] }));
    const name = JSON.stringify(service.name.slice(0, 100));
    if (bytes > maxBytes)
      throw new RegistryError('invalid', `the record of ${name} has ${bytes} bytes, NATS takes ${maxBytes} at most`);
  }
}

/** As one message, as in Go, or as one a node when that is too large. */
function fitting(record: ServiceRecord, write: (part: ServiceRecord) => string, maxBytes: number): readonly string[] {
  const whole = write(record);
  if (Buffer.byteLength(whole) <= maxBytes) return [whole];
  return record.nodes.map((node) => write({ ...record, nodes: [node] }));
}
