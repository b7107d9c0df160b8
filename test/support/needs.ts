import { describe, it } from 'vitest';

/** A suite that needs a server: skipped with the reason when it is missing, and under CI=true that is a failure. */
export function withServer(missing: string | undefined, name: string, suite: () => void): void {
  if (missing === undefined) describe(name, suite);
  else if (process.env['CI'] === 'true')
    it(name, () => {
      throw new Error(missing);
    });
  else describe.skip(`${name} (skipped: ${missing})`, suite);
}
