import { createElement as xml } from '@xmpp/xml';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccountOptions } from '../../../../src/inputs/xmpp/account/options.ts';
import { unique } from '../../../support/name.ts';
import { eachKind, eachServer, startServer } from '../../../support/xmpp/each-server.ts';
import { person } from '../../../support/xmpp/person.ts';
import type { ServerKind, ServerOptions, User, XmppServer } from '../../../support/xmpp/server.ts';
import { until } from '../../../support/until.ts';
import { use } from './guest.ts';

type Wish = Partial<Pick<AccountOptions, 'mode' | 'server' | 'ca' | 'password' | 'trace' | 'resource' | 'features'>>;

const optionsFor = (server: XmppServer, { jid, password }: User, wish: Wish = {}): Omit<AccountOptions, 'log'> => ({
  jid,
  password,
  server: `${server.host}:${wish.mode === 'direct' ? server.tlsPort : server.port}`,
  ca: server.ca,
  ...wish,
});

async function ownServer(kind: ServerKind, options: ServerOptions): Promise<XmppServer> {
  const server = await startServer(kind, options);
  onTestFinished(() => server.close());
  return server;
}

eachServer('an XMPP account', (server) => {
  const user = (password?: string): Promise<User> => server().addUser(unique('bot'), password);

  it.each(['starttls', 'direct'] as const)('logs in by %s with a resource of its own', async (mode) => {
    const bot = await user();
    const { session, account } = use(optionsFor(server(), bot, { mode }));
    expect((await session()).jid).toMatch(new RegExp(`^${bot.jid}/micro-[0-9a-f]{8}$`));
    expect(account.outage).toBeUndefined();
  });

  it('logs in with a password of any letters', async () => {
    const bot = await user('p,ä=ß&<"');
    const { session } = use(optionsFor(server(), bot));
    expect((await session()).jid).toContain(bot.jid);
  });

  it('sends, hears and asks', async () => {
    const human = await person(server(), unique('alice'));
    onTestFinished(() => human.end());
    const { session, stanzas } = use(optionsFor(server(), await user()));
    const own = await session();
    await own.send(xml('message', { to: human.jid, type: 'chat' }, xml('body', {}, 'grüße 😀 <&>')));
    expect((await human.hears(({ body }) => body !== '')).body).toBe('grüße 😀 <&>');
    await human.say(own.jid, 'ok\u00a0😀');
    await until(() => stanzas.some((stanza) => stanza.getChildText('body') === 'ok\u00a0😀'));
    const version = await own.ask(
      xml('iq', { type: 'get', to: server().domain }, xml('query', { xmlns: 'jabber:iq:version' })),
    );
    expect(version.getChild('query')?.getChildText('name')?.toLowerCase()).toBe(server().kind);
    const unknown = own.ask(xml('iq', { type: 'get', to: server().domain }, xml('query', { xmlns: 'urn:no:such' })));
    await expect(unknown).rejects.toMatchObject({ code: 'refused', condition: 'service-unavailable' });
  });

  it('answers what others ask, and refuses the rest', async () => {
    const human = await person(server(), unique('alice'));
    onTestFinished(() => human.end());
    const { session } = use(optionsFor(server(), await user(), { features: ['urn:xmpp:receipts'] }));
    const own = await session();
    await own.send(xml('presence', { to: human.user.jid, type: 'subscribed' }));
    expect((await human.ask(own.jid, 'get', `<ping xmlns='urn:xmpp:ping'/>`)).attrs['type']).toBe('result');
    const info = await human.ask(own.jid, 'get', `<query xmlns='http://jabber.org/protocol/disco#info'/>`);
    const features = info
      .getChild('query')
      ?.getChildren('feature')
      .map(({ attrs }) => String(attrs['var']));
    expect(features).toEqual(expect.arrayContaining(['urn:xmpp:ping', 'urn:xmpp:receipts', 'urn:xmpp:time']));
    const version = await human.ask(own.jid, 'get', `<query xmlns='jabber:iq:version'/>`);
    expect(version.getChild('query')?.getChildText('name')).toBe('micro-bot');
    const time = await human.ask(own.jid, 'get', `<time xmlns='urn:xmpp:time'/>`);
    expect(time.getChild('time')?.getChildText('utc')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    await expect(human.ask(own.jid, 'get', `<query xmlns='jabber:iq:last'/>`)).rejects.toThrow('service-unavailable');
    await expect(
      human.ask(own.jid, 'set', `<query xmlns='jabber:iq:roster'><item jid='x@y'/></query>`),
    ).rejects.toThrow('service-unavailable');
  });

  it('gives up when the password is wrong', async () => {
    const bot = await user();
    const { ended, lines } = use(optionsFor(server(), bot, { password: 'wrong-secret', trace: true }));
    await expect(ended).rejects.toMatchObject({
      name: 'InputError',
      code: 'refused',
      message: expect.stringContaining('not-authorized'),
    });
    expect(lines.join()).not.toContain('wrong-secret');
  });

  it('gives up when it does not trust the certificate, and says what to do', async () => {
    const { ended } = use(optionsFor(server(), await user(), { ca: undefined }));
    await expect(ended).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(/certificate .* trust its authority/),
    });
  });

  it('shows no secret in its trace', async () => {
    const bot = await user('a-very-secret-password');
    const { session, lines } = use(optionsFor(server(), bot, { trace: true }));
    await (await session()).send(xml('message', { to: bot.jid }, xml('body', {}, 'private words')));
    const all = lines.join('\n');
    expect(all).toContain('"element":"features"');
    expect(all).toContain('"element":"message"');
    const secrets = [
      'a-very-secret-password',
      'private words',
      Buffer.from(`\0${bot.name}\0${bot.password}`).toString('base64'),
    ];
    for (const secret of secrets) expect(all).not.toContain(secret);
  });

  it('says goodbye after what it had to say', async () => {
    const human = await person(server(), unique('alice'));
    onTestFinished(() => human.end());
    const { session, stop } = use(optionsFor(server(), await user()));
    const own = await session();
    const sent = Array.from({ length: 50 }, (_, at) =>
      own.send(xml('message', { to: human.jid, type: 'chat' }, xml('body', {}, `${at}`))),
    );
    await stop();
    await Promise.all(sent);
    await human.hears(({ body }) => body === '49');
    expect(human.messages.map(({ body }) => body)).toEqual(Array.from({ length: 50 }, (_, at) => `${at}`));
    await expect(own.send(xml('presence'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

eachKind('an XMPP account logs in', (kind) => {
  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-1'] as const)('where passwords are kept for %s', async (passwords) => {
    const server = await ownServer(kind, { passwords, withoutMechanisms: ['PLAIN'] });
    const { session } = use(optionsFor(server, await server.addUser('bot')));
    expect((await session()).jid).toContain('bot@');
  });

  it('with PLAIN under TLS', async () => {
    const server = await ownServer(kind, {
      withoutMechanisms:
        kind === 'prosody'
          ? ['SCRAM-SHA-1', 'SCRAM-SHA-256']
          : ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'DIGEST-MD5'],
    });
    const { session } = use(optionsFor(server, await server.addUser('bot')));
    expect((await session()).jid).toContain('bot@');
  });

  it('without TLS only when that was asked for', async () => {
    const server = await ownServer(kind, { tls: false, cleartext: true });
    const bot = await server.addUser('bot');
    await expect(use(optionsFor(server, bot)).ended).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('no encryption'),
    });
    const { session } = use(optionsFor(server, bot, { mode: 'plain' }));
    expect((await session()).jid).toContain(bot.jid);
  });

  it.each([
    ['elsewhere', 'not for the domain'],
    ['stranger', 'trust its authority'],
    ['expired', 'has expired'],
  ] as const)('never with a certificate of %s', async (certificate, sentence) => {
    const server = await ownServer(kind, { certificate });
    const bot = await server.addUser('bot');
    for (const mode of ['starttls', 'direct'] as const) {
      await expect(use(optionsFor(server, bot, { mode })).ended).rejects.toMatchObject({
        code: 'config',
        message: expect.stringContaining(sentence),
      });
    }
  });

  it('as soon as the server is there', async () => {
    const server = await ownServer(kind, {});
    const bot = await server.addUser('bot');
    await server.stop();
    const { session, account, lines } = use(optionsFor(server, bot));
    await until(() => account.outage !== undefined && account.outage.reason !== 'connecting');
    await server.restart();
    await session();
    expect(account.outage).toBeUndefined();
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('info'))).toHaveLength(1);
  });
});

describe('the options of an XMPP account', () => {
  it.each([
    ['bot', undefined],
    ['bot@a@b', undefined],
    ['@chat.test', undefined],
    ['bot@chat.test/here', undefined],
    ['bot@chat.test', 'host:port'],
    ['bot@chat.test', 'host:99999'],
    ['bot@chat.test', ''],
  ])('refuse the address %s at the server %s', (jid, server) => {
    expect(() => use({ jid, password: 'x', server })).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'config' }),
    );
  });

  it('refuse what are no certificates', () => {
    expect(() => use({ jid: 'bot@chat.test', password: 'x', ca: 'ca.pem' })).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'config' }),
    );
  });
});
