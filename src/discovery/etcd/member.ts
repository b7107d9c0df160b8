import { orAborted } from '../../async/aborted.ts';
import { deadline } from '../../async/deadline.ts';
import { type Place, placeName } from './address.ts';
import { verdictOf } from './failure.ts';
import { knock } from './knock.ts';
import { type Line, type LineOptions, openLine } from './line.ts';

/** Puts a question on a connection. It must end when the signal aborts. */
export type Question<T> = (line: Line, signal: AbortSignal) => Promise<T>;

/** One server of the cluster. Connects when it is asked, and anew when the connection did not hold. */
export interface Member {
  readonly place: Place;
  /** Rejects with what the libraries say, or with a `TimeoutError` when `ms` are over. */
  ask<T>(question: Question<T>, ms: number, signal: AbortSignal): Promise<T>;
  close(): void;
}

export function newMember(options: LineOptions): Member {
  const { place, user } = options;
  let line: Line | undefined;
  let opening: Promise<Line> | undefined;
  const closed = new AbortController();

  const open = async (ms: number): Promise<Line> => {
    using time = deadline(closed.signal, ms);
    await knock(place.host, place.port, time.signal);
    closed.signal.throwIfAborted();
    line = openLine(options);
    return line;
  };

  const connected = (ms: number): Promise<Line> | Line => {
    if (line !== undefined && !line.isBroken) return line;
    line?.close();
    opening ??= open(ms).finally(() => {
      opening = undefined;
    });
    return opening;
  };

  const once = async <T>(question: Question<T>, ms: number, signal: AbortSignal): Promise<T> => {
    const askedAt = performance.now();
    using time = deadline(signal, ms);
    const asked = await orAborted(Promise.resolve(connected(ms)), time.signal);
    try {
      return await orAborted(question(asked, time.signal), time.signal);
    } catch (error) {
      const verdict = verdictOf(error);
      if (verdict === 'stranger') asked.forgetToken();
      // A member that has answered others in the meantime is slow, and they would lose their answers.
      else if (verdict === 'silent' && !signal.aborted && asked.heardAt < askedAt) asked.close();
      throw error;
    }
  };

  return {
    place,
    async ask(question, ms, signal) {
      const startedAt = performance.now();
      try {
        return await once(question, ms, signal);
      } catch (error) {
        if (user === undefined || verdictOf(error) !== 'stranger') throw error;
        return await once(question, Math.max(1, ms - (performance.now() - startedAt)), signal);
      }
    },
    close() {
      closed.abort(new Error(`the connection to ${placeName(place)} was closed`));
      line?.close();
    },
  };
}
