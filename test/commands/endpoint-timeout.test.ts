import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { timeout } from '../../src/runtime/errors.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { type Handler, streaming, unary } from '../../src/runtime/server/server.ts';
import { testBot } from '../../src/testing/bot.ts';
import { say } from './say.ts';
import { newWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => world.close());

const never = (): Promise<never> => new Promise(() => {});

/** Commands that take longer than they say they may, and one that hears that somebody else did. */
const slow: Handler = {
  name: 'Slow',
  methods: {
    Hang: unary(never, { metadata: { command: 'hang', timeout: '60ms' } }),
    Drip: streaming(
      async function* (): AsyncIterable<{ text: string }> {
        yield { text: 'one' };
        await never();
      },
      { metadata: { command: 'drip', timeout: '60ms' } },
    ),
    Pass: unary(() => Promise.reject(timeout('ledger', 'the ledger did not answer')), {
      metadata: { command: 'pass', timeout: '60s' },
    }),
  },
};

const cases = [
  ['hang', 'timed out after 60ms'],
  ['drip', 'timed out after 60ms'],
  ['pass', 'the ledger did not answer'],
] as const;

describe('a service that does not answer in time', () => {
  test.each(cases)('%s says so, and that it is no common failure', async (line, message) => {
    await world.serve('slow', [slow]);
    const { current } = await world.catalogue();
    await expect(say(current, line)).rejects.toMatchObject({ code: 'timed_out', message });
  });

  test('is no common failure when it is called by hand, either', async () => {
    await world.serve('slow', [slow]);
    const { current } = await world.catalogue();
    await expect(say(current, 'call slow Slow.Pass')).rejects.toMatchObject({
      code: 'timed_out',
      message: expect.stringContaining('the ledger did not answer'),
    });
  });

  test.each(cases)('%s is recorded as timed out', async (line, message) => {
    await using bot = await testBot({
      services: [
        (network) => {
          const server = newServer({ ...network, name: 'slow' });
          server.handle(slow);
          // What hangs would be waited for.
          return { start: () => server.start(), stop: () => server.stop({ graceMs: 0 }) };
        },
      ],
    });
    expect(await bot.say(line)).toMatchObject({ outcome: 'timed out', text: `error executing cmd: ${message}` });
    const [, ended] = await bot.audit({ command: line });
    expect(ended).toMatchObject({ kind: 'ended', outcome: 'timed out' });
    expect((await bot.say('history')).text).toContain('timed out');
  });
});
