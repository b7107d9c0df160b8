import { Refusal } from './refusal.ts';
import { type Claim, windowSeconds } from './signature.ts';

/** Knows the genuine requests whose time is not over yet: who recorded one of them can't send it again. */
export interface Replays {
  /** Throws a `Refusal` for a request that was taken before. `now` is in milliseconds. */
  take(claim: Claim, now: number): void;
}

/** `most` are known at a time, default 500,000. More are refused: to forget one early would let it in again. */
export function createReplays(most = 500_000): Replays {
  /** Digests by the second that they are signed with: they are forgotten together. */
  const seconds = new Map<number, Set<string>>();
  let count = 0;

  const forget = (before: number): void => {
    for (const [second, digests] of seconds) {
      if (second >= before) continue;
      seconds.delete(second);
      count -= digests.size;
    }
  };

  return {
    take({ sentAt, digest }, now) {
      const oldest = Math.floor(now / 1000) - windowSeconds;
      // It was in time when its headers came; by the end of its body it may be forgotten already.
      if (sentAt < oldest) throw new Refusal(401, 'too old, or a clock is wrong');
      const key = digest.toString('latin1');
      let digests = seconds.get(sentAt);
      if (digests?.has(key) === true) throw new Refusal(401, 'replayed');
      if (digests === undefined) {
        forget(oldest);
        digests = new Set();
        seconds.set(sentAt, digests);
      }
      if (count >= most) throw new Refusal(503, 'too many to know them again');
      digests.add(key);
      count += 1;
    },
  };
}
