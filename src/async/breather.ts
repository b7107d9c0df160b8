import { setImmediate } from 'node:timers/promises';

/** How long somebody may go on while all others wait, in milliseconds. */
const longestMs = 8;

/**
 * For who goes through much, in steps that may take long: called once a step, it gives a promise to wait for when it is time that others have
 * their turn. Where steps are many and short, as messages are, `Pace` costs less.
 */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < longestMs) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
