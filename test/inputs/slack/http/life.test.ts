import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { httpSource } from '../../../../src/inputs/slack/http/http.ts';
import { InputError } from '../../../../src/inputs/input.ts';
import { silent } from '../../../../src/log/log.ts';
import { until } from '../../../support/until.ts';
import { listening } from './listening.ts';
import { freePort } from '../../../support/daemon.ts';
import { dial, head, newSecret, parse, signed, withHeader } from './wire.ts';

const good = { address: '127.0.0.1:0', log: silent };

const refusalOf = (make: () => unknown): InputError => {
  try {
    make();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('it was made');
};

describe('the HTTP source', () => {
  it.each<readonly [string, readonly string[]]>([
    ['needs the signing secret', []],
    ['is empty', ['']],
    ['secret 2 of 2 is empty', [newSecret(), '']],
    ['too short: it has 7 characters', ['hunter2']],
    ['has characters that no secret has', [`${newSecret()}\n`]],
    ['has characters that no secret has', [' '.repeat(32)]],
  ])('is not made when its secret %s', (sentence, signingSecrets) => {
    const error = refusalOf(() => httpSource({ ...good, signingSecrets }));
    expect(error.code).toBe('config');
    expect(error.message).toContain(sentence);
    for (const secret of signingSecrets) if (secret.trim() !== '') expect(error.message).not.toContain(secret.trim());
  });

  it.each([
    '',
    '3000',
    ':',
    ':70000',
    'http://bot:3000',
    'a b:1',
    '::1:3000',
    ':1-2',
  ])('is not made for the address %j', (address) =>
    expect(refusalOf(() => httpSource({ ...good, signingSecrets: [newSecret()], address })).code).toBe('config'));

  it.each(['', 'slack/events', '/slack?x', '/a b', '/#'])('is not made for the path %j', (path) =>
    expect(refusalOf(() => httpSource({ ...good, signingSecrets: [newSecret()], path })).code).toBe('config'));

  it('rejects with a sentence when the port is in use or the machine has no such address', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    const port = await until(() => {
      const bound = other.address();
      return typeof bound === 'object' && bound?.port;
    });
    const run = (address: string): Promise<void> =>
      httpSource({ ...good, signingSecrets: [newSecret()], address }).run(
        () => undefined,
        () => {},
        new AbortController().signal,
      );
    await expect(run(`127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'config',
      message: `Slack over HTTP cannot listen on 127.0.0.1:${port}: the port is in use`,
    });
    await expect(run('192.0.2.1:0')).rejects.toMatchObject({ code: 'config' });
    other.close();
  });

  it('is out until it listens, and again when it has ended; then it can be run again', async () => {
    // One that no other test gets when this one has let it go.
    const address = `127.0.0.1:${await freePort()}`;
    const source = httpSource({ ...good, address, signingSecrets: [newSecret()], path: '/bot' });
    expect(source.url).toBeUndefined();
    expect(source.outage).toMatchObject({ reason: 'it does not listen yet' });
    for (let time = 0; time < 2; time += 1) {
      const stop = new AbortController();
      let opened = 0;
      const ended = source.run(
        () => undefined,
        () => void (opened += 1),
        stop.signal,
      );
      const url = await until(() => source.url);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/bot$/);
      expect(source.outage).toBeUndefined();
      expect(opened).toBe(1);
      stop.abort();
      await ended;
      expect(source.url).toBeUndefined();
      expect(source.outage?.since).toBeGreaterThan(0);
      await expect(dial(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it('opens nothing when it is ended before it listens', async () => {
    const source = httpSource({ ...good, signingSecrets: [newSecret()] });
    let opened = 0;
    const run = (signal: AbortSignal): Promise<void> =>
      source.run(
        () => undefined,
        () => void (opened += 1),
        signal,
      );
    await run(AbortSignal.abort());
    const stop = new AbortController();
    const ended = run(stop.signal);
    stop.abort();
    await ended;
    expect(opened).toBe(0);
  });

  it('keeps a connection for the next request, and answers those that do not wait for each other', async () => {
    await using bot = await listening();
    const wire = await dial(bot.url);
    for (const n of [1, 2]) {
      const request = signed(`{"n":${n}}`, bot);
      wire.socket.write(head(request) + request.body);
      await until(() => bot.taken.length === n && wire.received.split('HTTP/1.1 200 OK').length === n + 1);
    }
    wire.socket.write(
      [3, 4, 5]
        .map((n) => signed(`{"n":${n}}`, bot))
        .map((each) => head(each) + each.body)
        .join(''),
    );
    await until(() => wire.received.split('HTTP/1.1 200 OK').length === 6);
    expect(bot.taken.map(({ body }) => body['n'])).toEqual([1, 2, 3, 4, 5]);
    await bot.stop();
    await until(() => wire.closed);
  });

  it('ends at once, whoever only connected, and tells a request under way to come again', async () => {
    const bot = await listening();
    const [idle, half] = [await dial(bot.url), await dial(bot.url)];
    const request = signed('{"n":1}', bot);
    half.socket.write(head(withHeader(request, 'Expect', '100-continue')));
    await until(() => half.received.includes('100 Continue'));
    const stopped = bot.stop();
    await until(() => idle.closed);
    half.socket.write(request.body);
    await stopped;
    await until(() => half.closed);
    expect(parse(half.received.slice(half.received.indexOf('\r\n\r\n') + 4)).status).toBe(503);
    expect(bot.taken).toEqual([]);
  });

  it('ends although a sender never ends', async () => {
    const bot = await listening();
    const wire = await dial(bot.url);
    wire.socket.write(head(withHeader(signed('{"n":1}', bot), 'Expect', '100-continue')));
    await until(() => wire.received.includes('100 Continue'));
    await bot.stop();
    await until(() => wire.closed);
    expect(bot.taken).toEqual([]);
  });
});
