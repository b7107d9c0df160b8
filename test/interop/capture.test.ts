import { expect, it } from 'vitest';
import { withGo } from '../support/namespace.ts';
import { capture, readCaptures, writeCaptures } from './captures.ts';

withGo('the captured bytes of Go', () => {
  // MICRO_CAPTURE=1 writes them anew.
  it('are what Go says today', async () => {
    const captures = { v1: await capture('v1'), v2: await capture('v2') };
    if (process.env['MICRO_CAPTURE'] === '1') writeCaptures(captures);
    expect(captures).toEqual(readCaptures());
  });
});
