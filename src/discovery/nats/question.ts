import { withResolvers } from '../../async/queue.ts';
import { RegistryError, type ServiceRecord } from '../registry.ts';
import type { Heard, Session } from './session.ts';
import { questionText } from './words.ts';

/** Nodes by service and id, each as a record with this node alone. */
export type Nodes = ReadonlyMap<string, ServiceRecord>;

/** No service's name has a zero in it that matters. */
export const keyOf = (service: string, nodeId: string): string => `${service}\0${nodeId}`;

export interface QuestionOptions {
  readonly session: Session;
  readonly subjects: readonly string[];
  /** The service asked for; all of them otherwise. */
  readonly name: string | undefined;
  /** Silence of this length ends the answers; twice that before "nobody" is believed. */
  readonly windowMs: number;
  /** When all these have answered nobody else is waited for. */
  readonly expected: Nodes | undefined;
  readonly read: (text: string) => ServiceRecord | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks everybody on all subjects at once. Nobody knows how many will answer: the end is a time in which nobody did, though the server is
 * there and nothing of it is on its way. Rejects when the session ends, or `signal` aborts.
 */
export async function ask(options: QuestionOptions): Promise<Nodes> {
  const { session, subjects, name, windowMs, expected, signal } = options;
  const question = questionText(name);
  if (Buffer.byteLength(question) > session.maxBytes)
    throw new RegistryError('invalid', `NATS takes ${session.maxBytes} bytes at most, no service has such a long name`);
  const nodes = new Map<string, ServiceRecord>();
  const missing = new Set(expected?.keys());
  const over = withResolvers<void>();
  let silence: NodeJS.Timeout | undefined;
  let answers = 0;
  let deserted = 0;
  let isOver = false;

  const hear = (heard: Heard): void => {
    if (heard.isNobody) {
      deserted += 1;
      if (deserted === subjects.length) over.resolve();
      return;
    }
    answers += 1;
    if (silence !== undefined) waitForSilence();
    const record = options.read(heard.text);
    if (record === undefined || (name !== undefined && record.name !== name)) return;
    for (const node of record.nodes) {
      const key = keyOf(record.name, node.id);
      nodes.set(key, { ...record, nodes: [node] });
      missing.delete(key);
    }
    if (expected !== undefined && expected.size > 0 && missing.size === 0) over.resolve();
  };

  const waitForSilence = (): void => {
    if (isOver) return;
    if (silence !== undefined && answers > 1) silence.refresh();
    else {
      clearTimeout(silence);
      silence = setTimeout(() => void confirm(), answers === 0 ? 2 * windowMs : windowMs);
    }
  };

  /** It may be us who did not listen: what the server has for us comes before its answer to a ping. */
  const confirm = async (): Promise<void> => {
    const before = answers;
    silence = undefined;
    try {
      await session.flush();
      if (answers === before) over.resolve();
      else waitForSilence();
    } catch {
      // The session has ended, which `over` is told.
    }
  };

  const box = session.box(hear);
  const callOff = session.onEnd(over.reject);
  const stop = (): void => over.reject(signal.reason instanceof Error ? signal.reason : new Error('it was called off'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (const subject of subjects) session.publish(subject, question, box.subject);
    await Promise.race([session.flush(), over.promise]);
    waitForSilence();
    await over.promise;
    if (subjects.every((subject) => session.refuses('publish', subject))) throw new Error('it does not let us ask');
    return nodes;
  } finally {
    isOver = true;
    clearTimeout(silence);
    box.leave();
    callOff();
    signal.removeEventListener('abort', stop);
  }
}
