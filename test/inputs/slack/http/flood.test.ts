import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { listening } from './listening.ts';
import { dial, exchange, head, parse, type Request, signed, withHeader } from './wire.ts';

const mebibyte = 1024 * 1024;

describe('the HTTP source holds out against', () => {
  it('bodies that are too large, whether they say so or not', async () => {
    await using bot = await listening();
    const large = JSON.stringify({ text: 'x'.repeat(mebibyte) });
    const request = signed(large, bot);
    // Nothing of it is waited for.
    expect((await exchange(bot.url, { ...request, sent: '' })).status).toBe(413);
    const wire = await dial(bot.url);
    wire.socket.on('error', () => {});
    wire.socket.write(head(withHeader(request, 'Transfer-Encoding', 'chunked')));
    wire.socket.write(`${mebibyte.toString(16)}\r\n${large.slice(0, mebibyte)}\r\n1\r\n`);
    wire.socket.write('x');
    await until(() => wire.closed);
    expect(parse(wire.received).status).toBe(413);
    const most = `{"text":"${'x'.repeat(mebibyte - 11)}"}`;
    expect(most).toHaveLength(mebibyte);
    expect((await exchange(bot.url, signed(most, bot))).status).toBe(200);
    expect(bot.taken).toHaveLength(1);
  });

  it('lengths that are a lie', async () => {
    await using bot = await listening();
    const request = signed('{"type":"event_callback"}', bot);
    for (const length of ['24', '0', '-1', '1e1', '25, 25', '0x19', '99999999999999999999']) {
      const { status } = await exchange(bot.url, withHeader(request, 'Content-Length', length));
      expect([400, 401, 413]).toContain(status);
    }
    const both = withHeader(withHeader(request, 'Content-Length', '25'), 'Transfer-Encoding', 'chunked');
    expect((await exchange(bot.url, both)).status).toBe(400);
    const longer = await dial(bot.url);
    longer.socket.end(head(withHeader(request, 'Content-Length', '26')) + request.body);
    await until(() => longer.closed);
    expect(bot.taken).toEqual([]);
  });

  it('a forged request that a good one comes along with, before or after it', async () => {
    await using bot = await listening();
    const bytes = (request: Request): string => head(request) + String(request.body);
    const good = signed('{"n":1}', bot);
    const forged = { ...good, body: '{"n":2}' };
    for (const requests of [
      [forged, good],
      [good, forged],
    ]) {
      const wire = await dial(bot.url);
      wire.socket.write(requests.map(bytes).join(''));
      await until(() => wire.closed);
    }
    expect(bot.taken.map(({ body }) => body['n'])).toEqual([1]);
  });

  it('headers without an end, many or long', async () => {
    await using bot = await listening();
    const request = signed('{"n":1}', bot);
    expect((await exchange(bot.url, withHeader(request, 'X-Long', 'x'.repeat(20_000)))).status).toBe(431);
    expect(bot.taken).toEqual([]);
  });

  it('senders that take their time, at every stage', async () => {
    await using bot = await listening({ patienceMs: 200 });
    const request = signed('{"n":1}', bot);
    const stages = ['', 'P', 'POST /slack/events HTTP/1.1\r\nHost: ', head(request), `${head(request)}{"n"`];
    const wires = await Promise.all(stages.map(() => dial(bot.url)));
    for (const [index, { socket }] of wires.entries()) {
      socket.on('error', () => {});
      socket.write(stages[index] ?? '');
    }
    await until(() => wires.every(({ closed }) => closed));
    expect(bot.taken).toEqual([]);
    expect((await exchange(bot.url, request)).status).toBe(200);
  });

  it('more connections than it has room for, and recovers', async () => {
    await using bot = await listening({ maxConnections: 3 });
    const wires = await Promise.all([1, 2, 3, 4, 5].map(() => dial(bot.url)));
    await until(() => wires.filter(({ closed }) => closed).length === 2);
    expect(bot.told.join()).toContain('too many connections');
    for (const { socket } of wires) socket.destroy();
    const request = signed('{"n":1}', bot);
    await until(async () => (await exchange(bot.url, request)).status === 200);
    expect(bot.taken).toHaveLength(1);
  });

  it('so many bodies at a time that memory would go', async () => {
    await using bot = await listening();
    const part = Buffer.alloc(mebibyte - 1, 'x');
    const request = withHeader(signed('', bot), 'Content-Length', String(mebibyte));
    const wires = await Promise.all(
      Array.from({ length: 70 }, async () => {
        const wire = await dial(bot.url);
        wire.socket.on('error', () => {});
        wire.socket.write(head(request));
        wire.socket.write(part);
        return wire;
      }),
    );
    await until(() => wires.some(({ closed }) => closed));
    await until(() =>
      wires.filter(({ received }) => received !== '').every(({ received }) => parse(received).status === 503),
    );
    expect(bot.told.join()).toContain('too much at a time');
    for (const { socket } of wires) socket.destroy();
    const good = signed('{"n":1}', bot);
    await until(async () => (await exchange(bot.url, good)).status !== 503);
    expect(bot.taken).toHaveLength(1);
  });

  it('noise in its log: one line a minute with the counts, and nothing of the requests', async () => {
    const bot = await listening();
    const wrong = withHeader(signed('{"text":"canary"}', bot), 'X-Slack-Signature', `v0=${'c'.repeat(64)}`);
    for (let n = 0; n < 5; n += 1) await exchange(bot.url, wrong);
    await exchange(bot.url, { ...wrong, target: '/canary' });
    expect(bot.told).toEqual(['refused requests over HTTP {"refused":{"signature does not match":1}}']);
    bot.pass(60_000);
    await exchange(bot.url, withHeader(wrong, 'X-Slack-Signature', undefined));
    expect(bot.told.slice(1)).toEqual([
      'refused requests over HTTP {"refused":{"signature does not match":4,"path is unknown":1,"no signature":1}}',
    ]);
    await exchange(bot.url, wrong);
    await bot.stop();
    expect(bot.told.slice(2)).toEqual(['refused requests over HTTP {"refused":{"signature does not match":1}}']);
    expect(bot.told.join()).not.toMatch(new RegExp(`canary|cccc|${bot.secret}`));
  });
});
