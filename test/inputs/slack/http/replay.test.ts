import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../../src/inputs/slack/http/refusal.ts';
import { createReplays } from '../../../../src/inputs/slack/http/replays.ts';
import { until } from '../../../support/until.ts';
import { listening } from './listening.ts';
import { dial, exchange, form, head, json, parse, type Request, signed, withHeader } from './wire.ts';

const body = 'command=%2Fmicro&text=stop+billing';

describe('a request that was taken', () => {
  it.each<readonly [string, (request: Request) => Request]>([
    ['as it was', (request) => request],
    [
      'with other words for its headers',
      (request) => ({
        ...request,
        headers: request.headers.map(([name, value]) => [name.toUpperCase(), ` ${value}  `] as const),
      }),
    ],
    ['with its headers in another order', (request) => ({ ...request, headers: [...request.headers].reverse() })],
    ['with headers more', (request) => withHeader(request, 'X-Slack-Retry-Num', '1')],
    ['as another type', (request) => withHeader(request, 'Content-Type', json)],
    ['with a query', (request) => ({ ...request, target: '/slack/events?again' })],
  ])('is not taken again %s', async (_, change) => {
    await using bot = await listening();
    const request = signed(body, { ...bot, type: form });
    expect((await exchange(bot.url, request)).status).toBe(200);
    for (const ms of [0, 1000, 298_000, 1000, 1000, 600_000]) {
      bot.pass(ms);
      expect(await exchange(bot.url, change(request))).toMatchObject({ status: 401, body: '' });
    }
    expect(bot.taken).toHaveLength(1);
    expect(bot.told[0]).toContain('replayed');
  });

  it('is taken when Slack itself sends it again: that is signed anew', async () => {
    await using bot = await listening();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await exchange(bot.url, signed(body, { ...bot, type: form }))).status).toBe(200);
      bot.pass(60_000);
    }
    expect(bot.taken).toHaveLength(3);
  });

  it('is not taken again by a sender who begins in time and ends when it is forgotten', async () => {
    await using bot = await listening();
    const request = signed('{"n":1}', bot);
    expect((await exchange(bot.url, request)).status).toBe(200);
    bot.pass(300_000);
    const wire = await dial(bot.url);
    const all = head(withHeader(request, 'Expect', '100-continue'));
    wire.socket.write(all);
    await until(() => wire.received.includes('100 Continue'));
    bot.pass(2000);
    // One that is signed now makes it forget those whose time is over.
    expect((await exchange(bot.url, signed('{"n":2}', bot))).status).toBe(200);
    wire.socket.write(request.body);
    await until(() => wire.closed);
    expect(parse(wire.received.slice(wire.received.indexOf('\r\n\r\n') + 4)).status).toBe(401);
    expect(bot.taken).toHaveLength(2);
  });

  it('is known again whatever else came, and takes no place when its time is over', () => {
    const secondMs = 1000;
    const replays = createReplays(50);
    const take = (sentAt: number, n: number, now: number): number => {
      try {
        replays.take({ sentAt, digest: Buffer.alloc(32, n) }, now);
        return 200;
      } catch (error) {
        return error instanceof Refusal ? error.status : 0;
      }
    };
    const start = 1_764_000_000;
    for (let n = 0; n < 50; n += 1) expect(take(start + (n % 10), n, start * secondMs)).toBe(200);
    expect(take(start, 50, start * secondMs)).toBe(503);
    expect(take(start + 10, 50, start * secondMs)).toBe(503);
    for (let n = 0; n < 50; n += 1) expect(take(start + (n % 10), n, (start + 300) * secondMs)).toBe(401);
    expect(take(start + 300, 51, (start + 301) * secondMs)).toBe(200);
    expect(take(start, 0, (start + 301) * secondMs)).toBe(401);
  });

  it('and changed in one byte anywhere is not taken at all', async () => {
    await using bot = await listening();
    const good = signed(JSON.stringify({ type: 'event_callback', event: { text: 'list' } }), bot);
    const bytes = Buffer.from(good.body);
    const part = fc.constantFrom('body', 'X-Slack-Signature', 'X-Slack-Request-Timestamp', 'secret');
    await fc.assert(
      fc.asyncProperty(part, fc.nat(), fc.integer({ min: 1, max: 255 }), async (part, where, by) => {
        const flip = (text: Buffer): Buffer => {
          const changed = Buffer.from(text);
          const index = where % changed.length;
          changed[index] = (changed[index] ?? 0) ^ by;
          return changed;
        };
        const header = good.headers.find(([name]) => name === part)?.[1] ?? '';
        const forged =
          part === 'body'
            ? { ...good, body: flip(bytes) }
            : part === 'secret'
              ? signed(good.body, {
                  secret: flip(Buffer.from(bot.secret)).toString('latin1'),
                  timestamp: bot.timestamp,
                })
              : withHeader(good, part, flip(Buffer.from(header)).toString('latin1'));
        // A control code in a header is no HTTP: Node itself answers that.
        expect([400, 401]).toContain((await exchange(bot.url, forged)).status);
      }),
      { numRuns: 60 },
    );
    expect(bot.taken).toEqual([]);
    expect((await exchange(bot.url, good)).status).toBe(200);
  });
});
