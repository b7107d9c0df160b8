import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listening } from './listening.ts';
import { exchange, form, json, newSecret, signed, withHeader } from './wire.ts';

const event = { type: 'event_callback', event_id: 'Ev1', event: { type: 'message', text: 'größer \u{1f600} \u2028' } };

describe('what Slack signed', () => {
  it('is taken as an event, and acknowledged with nothing', async () => {
    await using bot = await listening();
    const answer = await exchange(bot.url, signed(JSON.stringify(event), bot));
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.head).toContain('content-length: 0');
    expect(bot.taken).toEqual([{ kind: 'events_api', body: event }]);
    expect(bot.told).toEqual([]);
  });

  it('is taken as a slash command, with what goes along with the acknowledgement', async () => {
    await using bot = await listening({}, ({ body }) => ({
      response_type: 'ephemeral',
      text: `“${String(body['text'])}”`,
    }));
    const body =
      'command=%2Fmicro&text=call+x+%7B%22a%22%3A1%7D+%26+%C3%BC&user_id=U1&response_url=https%3A%2F%2Fhooks.slack.com%2F1&empty=';
    const answer = await exchange(bot.url, signed(body, { ...bot, type: form }));
    expect(answer.status).toBe(200);
    expect(answer.head).toContain('content-type: application/json; charset=utf-8');
    expect(JSON.parse(Buffer.from(answer.body, 'latin1').toString())).toEqual({
      response_type: 'ephemeral',
      text: '“call x {"a":1} & ü”',
    });
    expect(bot.taken).toEqual([
      {
        kind: 'slash_commands',
        body: {
          command: '/micro',
          text: 'call x {"a":1} & ü',
          user_id: 'U1',
          response_url: 'https://hooks.slack.com/1',
          empty: '',
        },
      },
    ]);
  });

  it('is taken as an interaction', async () => {
    await using bot = await listening();
    const payload = { type: 'block_actions', actions: [{ action_id: 'micro:run:1', value: 'a&b=c+d' }] };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    expect((await exchange(bot.url, signed(body, { ...bot, type: form }))).status).toBe(200);
    expect(bot.taken).toEqual([{ kind: 'interactive', body: payload }]);
  });

  it('may ask whether the address is ours, and whether its certificate is good', async () => {
    await using bot = await listening();
    const challenge = '3eZbrw1aB10FEMAGAZd4FyFQ<script>';
    const asked = await exchange(
      bot.url,
      signed(JSON.stringify({ type: 'url_verification', challenge, token: 't' }), bot),
    );
    expect(asked.status).toBe(200);
    expect(JSON.parse(asked.body)).toEqual({ challenge });
    expect(asked.head).toContain('x-content-type-options: nosniff');
    const checked = await exchange(bot.url, signed('ssl_check=1&token=t', { ...bot, type: form }));
    expect(checked).toMatchObject({ status: 200, body: '' });
    expect(bot.taken).toEqual([]);
  });

  it('may come by any of the apps, at either end of five minutes, in pieces, with parameters and a query', async () => {
    const secrets = [newSecret(), newSecret()] as const;
    await using bot = await listening({ signingSecrets: secrets });
    const good = (n: number) =>
      signed(JSON.stringify({ ...event, n }), { secret: secrets[1], timestamp: bot.timestamp });
    const body = JSON.stringify({ ...event, n: 3 });
    const requests = [
      signed('{"n":0}', { secret: secrets[0], timestamp: bot.timestamp - 300 }),
      signed('{"n":1}', { secret: secrets[1], timestamp: bot.timestamp + 300 }),
      { ...good(2), target: '/slack/events?team=1' },
      {
        ...withHeader(good(3), 'Transfer-Encoding', 'chunked'),
        sent: `1\r\n${body.slice(0, 1)}\r\n${(Buffer.byteLength(body) - 1).toString(16)};x=y\r\n${body.slice(1)}\r\n0\r\n\r\n`,
      },
      withHeader(good(4), 'Content-Type', 'Application/JSON; Charset="UTF-8"'),
      withHeader(good(5), 'X-Slack-Retry-Num', '1'),
    ];
    for (const request of requests) expect((await exchange(bot.url, request)).status).toBe(200);
    expect(bot.taken.map(({ body }) => body['n'])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is answered 400 when it can not be read, and 415 when Slack never sends such a thing', async () => {
    await using bot = await listening();
    const wrong: readonly (readonly [status: number, body: string | Buffer, type: string | undefined])[] = [
      [400, '', json],
      [400, '{"a":1', json],
      [400, '{"a":1}{"b":2}', json],
      [400, '{"type":"event_callback", secret}', json],
      [400, `\ufeff{}`, json],
      [400, Buffer.from('7b2261223a22ff227d', 'hex'), json],
      [400, '[1]', json],
      [400, 'null', json],
      [400, '"text"', json],
      [400, '[['.repeat(100_000), json],
      [400, '{"type":"url_verification"}', json],
      [400, '{"type":"url_verification","challenge":{"a":1}}', json],
      [400, '', form],
      [400, 'a=b', form],
      [400, 'ssl_check=0', form],
      [400, 'payload=', form],
      [400, 'payload=%7B', form],
      [400, 'payload=null&command=%2Fmicro', form],
      [400, 'payload=%5B%5D', form],
      [415, '{}', undefined],
      [415, '{}', 'text/plain'],
      [415, '{}', 'multipart/form-data; boundary=x'],
      [415, '{}', 'application/json; charset=utf-16'],
      [415, '{}', 'application/json, application/json'],
    ];
    for (const [status, body, type] of wrong) {
      const request = withHeader(signed(body, bot), 'Content-Type', type);
      expect([await exchange(bot.url, request), body, type]).toMatchObject([{ status, body: '' }, body, type]);
      bot.pass(1000);
    }
    const zipped = withHeader(signed(gzipSync('{}'), bot), 'Content-Encoding', 'gzip');
    expect((await exchange(bot.url, zipped)).status).toBe(415);
    expect(bot.taken).toEqual([]);
    expect(bot.told.join()).not.toMatch(/secret\}|v0=|token/);
  });

  it('changes nothing but itself, whatever its keys are', async () => {
    await using bot = await listening();
    const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}';
    expect((await exchange(bot.url, signed(body, bot))).status).toBe(200);
    const fields = 'command=%2Fmicro&__proto__=polluted&constructor=polluted&toString=x';
    expect((await exchange(bot.url, signed(fields, { ...bot, type: form }))).status).toBe(200);
    expect(bot.taken).toHaveLength(2);
    for (const { body } of bot.taken) {
      expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
      expect(body['polluted']).toBeUndefined();
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('is answered 500 and told of when taking it throws, and does not end the source', async () => {
    let works = false;
    await using bot = await listening({}, () => {
      if (!works) throw new Error('no');
      return undefined;
    });
    expect((await exchange(bot.url, signed('{"n":1}', bot))).status).toBe(500);
    works = true;
    expect((await exchange(bot.url, signed('{"n":2}', bot))).status).toBe(200);
    expect(bot.told).toHaveLength(1);
  });
});
