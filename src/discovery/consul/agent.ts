import { type Deadline, deadline } from '../../async/deadline.ts';
import { plainReason } from '../plain-reason.ts';
import { RegistryError } from '../registry.ts';
import type { Place } from './address.ts';
import { type Answer, type ConsulTls, type Line, newLine, type Question } from './line.ts';
import type { Outage } from '../outage.ts';
import { Refusal } from './refusal.ts';

export interface AgentOptions {
  readonly places: readonly Place[];
  readonly token: string | undefined;
  readonly tls: ConsulTls;
  /** How long an answer may take, all agents together. */
  readonly timeoutMs: number;
  readonly outage: Outage;
}

/** The agents of one cluster. The one that answered last is asked first; when it can't be reached the next is. */
export interface Agent {
  /** Rejects with `unavailable` when no agent answers in time, with a `Refusal` when it says no, and with `closed` after close. */
  ask(question: Question): Promise<Answer>;
  /** Breaks off what is under way. */
  close(): Promise<void>;
}

export function newAgent({ places, token, tls, timeoutMs, outage }: AgentOptions): Agent {
  const lines = places.map((place) => newLine({ place, token, tls, timeoutMs }));
  let closed: RegistryError | undefined;
  let current = 0;

  /** Several may find out at the same time. */
  const leave = (line: Line): void => {
    if (lines[current] === line) current = (current + 1) % lines.length;
  };

  const reach = async (question: Question, whole: Deadline): Promise<Answer> => {
    const failures = new Map<Line, string>();
    // Once more than there are agents: a connection that was kept open may be a dead one, and that shows only now.
    for (let left = lines.length; ; left -= 1) {
      const line = lines[current] as Line;
      const leftMs = whole.expiresAt - Date.now();
      // Each has its share of the time: one that hangs must not take it all. Who waits for news cannot share.
      const shareMs = question.waitMs === undefined && left > 1 ? leftMs / left : leftMs;
      using limit = deadline(whole.signal, Math.ceil(shareMs));
      try {
        return await line.ask(question, limit.signal);
      } catch (cause) {
        if (closed !== undefined) throw closed;
        if (question.signal?.aborted === true) throw question.signal.reason;
        if (!(cause instanceof Refusal) || cause.isTrouble) leave(line);
        if (cause instanceof RegistryError) throw cause;
        failures.set(line, `${line.name} ${limit.signal.aborted ? lateness(shareMs) : reasonOf(cause)}`);
        if (Date.now() >= whole.expiresAt || left === 0) {
          throw new RegistryError('unavailable', `Consul at ${[...failures.values()].join(', at ')}`, { cause });
        }
      }
    }
  };

  return {
    async ask(question) {
      if (closed !== undefined) throw closed;
      const { waitMs = 0, signal } = question;
      const askedAtMs = performance.now();
      // The agent waits up to a sixteenth longer, so that not all come back at once.
      using whole = deadline(signal, timeoutMs + waitMs + waitMs / 16);
      try {
        const answer = await reach(question, whole);
        outage.ended();
        return answer;
      } catch (error) {
        if (signal?.aborted !== true && isOutage(error, question)) outage.began(error, askedAtMs);
        throw error;
      }
    },
    async close() {
      closed ??= new RegistryError('closed', 'the Consul registry is closed');
      await Promise.all(lines.map((line) => line.close()));
    },
  };
}

/** Old agents answer a change of what they do not know like one that went wrong. */
const isOutage = (error: unknown, { method }: Question): boolean =>
  error instanceof Refusal
    ? error.isTrouble && method === 'GET'
    : error instanceof RegistryError && error.code === 'unavailable';

const lateness = (ms: number): string => `did not answer within ${Math.round(ms)} ms`;

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return `can't be reached: ${plainReason(error instanceof Error ? error.message : String(error))}`;
}
