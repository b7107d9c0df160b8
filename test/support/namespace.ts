import { describe, it } from 'vitest';
import { missingGo } from './go.ts';

/**
 * A suite that talks to Go peers. Their mDNS sends on every interface there is, so it runs only where scripts/test.mjs put the tests: in
 * a network namespace with nothing but a loopback interface. Elsewhere it is skipped and says why; under CI=true that is a failure.
 */
export function withGo(name: string, suite: () => void): void {
  const alone = process.env['MICRO_TEST_NETNS'] === '1';
  unlessMissing(alone ? missingGo() : 'not in a network namespace of its own', name, suite);
}

/** A suite that talks to Go peers at addresses it knows: nothing multicasts, so it needs the programs only. */
export function withGoPrograms(name: string, suite: () => void): void {
  unlessMissing(missingGo(), name, suite);
}

function unlessMissing(missing: string | undefined, name: string, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
  } else if (process.env['CI'] === 'true') {
    it(name, () => {
      throw new Error(`the Go peers are missing: ${missing}`);
    });
  } else {
    describe.skip(`${name} (skipped: ${missing})`, suite);
  }
}
