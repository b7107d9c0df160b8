import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { get } from 'node:https';
import { createElement as xml, type Element } from '@xmpp/xml';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import type { Session } from '../../../../src/inputs/xmpp/account.ts';
import { createUpload, type UploadOptions } from '../../../../src/inputs/xmpp/say/upload.ts';
import { unique } from '../../../support/name.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import { type Person, person } from '../../../support/xmpp/person.ts';
import { memoryLog } from '../rooms/memory-log.ts';
import { scene } from './scene.ts';

async function fetched(url: string, ca: string): Promise<string> {
  const request = get(url, { ca, agent: false });
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
  let all = '';
  for await (const piece of response.setEncoding('utf8')) all += String(piece);
  return all;
}

eachServer(
  'an answer that is too long for messages',
  (server) => {
    let alice: Person;
    beforeAll(async () => {
      alice = await person(server(), unique('alice'));
    });
    afterAll(() => alice.end());

    test('is a file, with its beginning as a message', async () => {
      const bot = await scene(server(), { inRoom: false, settings: { upload: { ca: server().ca } } });
      await alice.say(bot.jid, 'everything');
      const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index} <&> "ü😀"`).join('\n');
      await bot.answer(await bot.hears('everything'), { kind: 'code', text: lines });
      const file = await alice.hears(({ element }) => element.getChild('x', 'jabber:x:oob') !== undefined);
      expect(file.element.getChild('x', 'jabber:x:oob')?.getChildText('url')).toBe(file.body);
      expect(await fetched(file.body, server().ca)).toBe(lines);
      const all = alice.messages.filter(({ from, body }) => from.startsWith(bot.jid) && body !== '');
      expect(all).toHaveLength(2);
      expect(all[0]?.body).toMatch(
        /^```\nline 0 [^`]*```\n\(All of it, \d+ characters, is in the file that follows\.\)$/,
      );
    });

    test('is messages where the place of the file is not trusted', async () => {
      const bot = await scene(server(), { inRoom: false, settings: { maxCharacters: 500 } });
      await alice.say(bot.jid, 'everything again');
      await bot.answer(await bot.hears('everything again'), text('0123456789 '.repeat(200)));
      await alice.say(bot.jid, 'and then');
      await bot.answer(await bot.hears('and then'), text('the end'));
      await alice.hears(({ body, from }) => from.startsWith(bot.jid) && body === 'the end');
      const all = alice.messages.filter(({ from, body }) => from.startsWith(bot.jid) && body.includes('0123456789'));
      expect(all.length).toBeGreaterThan(3);
      expect(bot.log.told('a long answer was not uploaded', ['warn'])).toHaveLength(1);
    });
  },
  { upload: true },
);

describe('a server that names odd places', () => {
  const info = `http://jabber.org/protocol/disco#info`;
  /** Says so when it is asked for a place. */
  const login = (slot: Element, maxBytes = '1000'): Session => ({
    jid: 'micro@chat.test/r',
    maxStanzaBytes: 10_000,
    send: () => Promise.resolve(),
    ask(request) {
      const answer = xml('iq', { type: 'result' });
      if (request.getChild('request') !== undefined) answer.append(slot);
      else if (request.getChild('query', info) !== undefined) {
        const value = xml('value', {}, maxBytes);
        const form = xml('x', 'jabber:x:data', xml('field', { var: 'max-file-size' }, value));
        const feature = xml('feature', { var: 'urn:xmpp:http:upload:0' });
        answer.append(xml('query', info, feature, form));
      } else answer.append(xml('query', 'http://jabber.org/protocol/disco#items'));
      return Promise.resolve(answer);
    },
  });
  const slot = (put: string, get: string, ...headers: readonly Element[]): Element =>
    xml('slot', 'urn:xmpp:http:upload:0', xml('put', { url: put }, ...headers), xml('get', { url: get }));
  const share = (session: Session, options: UploadOptions = { allowsPlain: true }): Promise<string | undefined> =>
    createUpload(options, memoryLog()).share('content', session, AbortSignal.timeout(5_000));

  async function place(answer: number): Promise<{ url: string; server: Server; seen: Record<string, unknown>[] }> {
    const seen: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      request.on('end', () => {
        seen.push({ method: request.method, headers: request.headers, body });
        response.writeHead(answer, { location: '/elsewhere' }).end('x'.repeat(100_000));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/f`, server, seen };
  }

  test('three headers are sent as it wants, and no others', async () => {
    const { url, seen } = await place(201);
    const header = (name: string, value: string): Element => xml('header', { name }, value);
    const headers = [
      header('Authorization', 'Bearer\r\nX-Evil: x'),
      header('Host', 'evil.test'),
      header('X-Other', 'y'),
      header('cookie', 'c=1'),
    ];
    expect(await share(login(slot(url, url, ...headers)))).toBe(url);
    expect(seen).toMatchObject([{ method: 'PUT', body: 'content', headers: { cookie: 'c=1' } }]);
    const sent = seen[0]?.['headers'] as Record<string, string>;
    expect(sent['authorization']).toBe('BearerX-Evil: x');
    expect(sent['host']).toMatch(/^127\.0\.0\.1/);
    expect(sent['x-evil'] ?? sent['x-other']).toBeUndefined();
  });

  test.each([301, 307, 404, 413, 500])('%i is no, and nobody is followed elsewhere', async (status) => {
    const { url, seen } = await place(status);
    expect(await share(login(slot(url, url)))).toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['not encrypted', 'http://127.0.0.1:1/f', {}],
    ['a file', 'file:///etc/passwd', { allowsPlain: true }],
    ['no address', 'nowhere', { allowsPlain: true }],
    ['nobody there', 'http://127.0.0.1:1/f', { allowsPlain: true }],
  ])('%s: not used', async (_, url, options) => {
    expect(await share(login(slot(url, url)), options)).toBeUndefined();
  });

  test('what is larger than it takes is not offered', async () => {
    const { url, seen } = await place(201);
    expect(await share(login(slot(url, url), '3'))).toBeUndefined();
    expect(seen).toEqual([]);
  });

  test('one that never answers is not waited for longer than the bot stays', async () => {
    const server = createServer(() => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => server.closeAllConnections());
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/f`;
    const leaving = new AbortController();
    const shared = createUpload({ allowsPlain: true }, memoryLog()).share('x', login(slot(url, url)), leaving.signal);
    await once(server, 'request');
    leaving.abort(new Error('leaving'));
    await expect(shared).rejects.toThrow('leaving');
  });
});
