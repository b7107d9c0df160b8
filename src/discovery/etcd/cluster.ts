import { setMaxListeners } from 'node:events';
import { sleep } from '../../async/sleep.ts';
import type { Log } from '../../log/log.ts';
import { RegistryError } from '../registry.ts';
import { placeName } from './address.ts';
import { isUnsettled, reasonOf, refused, unreachable, verdictOf } from './failure.ts';
import type { Member, Question } from './member.ts';

/** All members, of which any can answer. */
export interface Cluster {
  /** `etcd at 10.0.0.5:2379`, for sentences. */
  readonly name: string;
  /** Nobody answers, which the log has told. */
  readonly isOut: boolean;
  /** A watch found it so, before a question did. */
  foundOut(error: RegistryError): void;
  /**
   * Asks one member, and the next when that says nothing. Rejects with a `RegistryError`, `unavailable` at the latest after `timeoutMs`.
   * An error that a caller takes for an answer gets to him as it is.
   */
  ask<T>(question: Question<T>, options?: AskOptions): Promise<T>;
  /** Somebody found the member silent that is asked at the moment: the next question goes to another. */
  moveOn(): void;
  /** Whoever waits for an answer gets `closed`. */
  close(): void;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** Errors that are answers to this question. */
  readonly isAnswer?: (error: unknown) => boolean;
}

export interface ClusterOptions {
  /** At least one. */
  readonly members: readonly Member[];
  readonly timeoutMs: number;
  readonly log: Log;
}

/** An election takes a second or two. */
const settlingMs = 100;

export function newCluster({ members, timeoutMs, log }: ClusterOptions): Cluster {
  const name = `etcd at ${members.map(({ place }) => placeName(place)).join(', ')}`;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  let current = 0;
  let lostAt: number | undefined;

  const answered = (): void => {
    if (lostAt === undefined) return;
    log.info('etcd answers again', { registry: 'etcd', outageMs: Math.round(performance.now() - lostAt) });
    lostAt = undefined;
  };
  const lost = (error: RegistryError): void => {
    if (lostAt !== undefined) return;
    lostAt = performance.now();
    // The only line in the log: a directory looks at `isOut` and does not tell it again.
    log.warn('etcd is out of reach', { registry: 'etcd', reason: error.message });
  };

  /** A lone member gets a second chance: the connection may be what is dead. */
  const turns = Math.max(2, members.length);

  const askInTurn = async <T>(question: Question<T>, signal: AbortSignal): Promise<T> => {
    const end = performance.now() + timeoutMs;
    let error: unknown;
    for (let silent = 0; silent < turns; ) {
      const asked = current;
      const member = members[asked % members.length];
      const leftMs = end - performance.now();
      if (member === undefined || leftMs <= 0) break;
      try {
        return await member.ask(question, leftMs / (turns - silent), signal);
      } catch (thrown) {
        if (signal.aborted || verdictOf(thrown) !== 'silent') throw thrown;
        error = thrown;
        log.debug('a member of etcd does not answer', { member: placeName(member.place), reason: reasonOf(thrown) });
        // Of several who found it silent at the same time one moves on for all.
        if (current === asked) current += 1;
      }
      if (isUnsettled(error)) {
        silent = 0;
        await sleep(settlingMs, signal);
      } else silent += 1;
    }
    throw unreachable(name, error instanceof DOMException ? silence(timeoutMs) : error);
  };

  return {
    name,
    get isOut() {
      return lostAt !== undefined;
    },
    foundOut: lost,
    async ask(question, { signal, isAnswer = () => false } = {}) {
      const stop = new AbortController();
      const onEnd = (): void => stop.abort(closing.signal.aborted ? closing.signal.reason : signal?.reason);
      for (const each of [closing.signal, signal]) {
        each?.addEventListener('abort', onEnd, { once: true });
        if (each?.aborted === true) onEnd();
      }
      try {
        stop.signal.throwIfAborted();
        const answer = await askInTurn(question, stop.signal);
        answered();
        return answer;
      } catch (error) {
        if (stop.signal.aborted) throw stop.signal.reason;
        if (error instanceof RegistryError) {
          lost(error);
          throw error;
        }
        answered();
        throw isAnswer(error) ? error : refused(name, error);
      } finally {
        for (const each of [closing.signal, signal]) each?.removeEventListener('abort', onEnd);
      }
    },
    moveOn() {
      current += 1;
    },
    close() {
      closing.abort(new RegistryError('closed', 'the etcd registry was closed'));
      for (const member of members) member.close();
    },
  };
}

const silence = (ms: number): Error => new Error(`nothing was heard for ${ms.toLocaleString('en')} ms`);
