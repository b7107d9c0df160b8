import { createElement as xml } from '@xmpp/xml';
import { expect, it, onTestFinished } from 'vitest';
import type { AccountOptions } from '../../../../src/inputs/xmpp/account/options.ts';
import { gate } from '../../../support/gate.ts';
import { unique } from '../../../support/name.ts';
import { eachKind, eachServer, startServer } from '../../../support/xmpp/each-server.ts';
import { type Person, person } from '../../../support/xmpp/person.ts';
import type { ServerOptions, User, XmppServer } from '../../../support/xmpp/server.ts';
import { until } from '../../../support/until.ts';
import { type Used, use } from './guest.ts';

const log = (server: XmppServer, user: User, more: Partial<AccountOptions> = {}): Used =>
  use({ jid: user.jid, password: user.password, server: `${server.host}:${server.port}`, ca: server.ca, ...more });

async function human(server: XmppServer): Promise<Person> {
  const somebody = await person(server, unique('alice'));
  onTestFinished(() => somebody.end());
  return somebody;
}

const said = ({ stanzas }: Used): readonly string[] =>
  stanzas.flatMap((stanza) => (stanza.name === 'message' ? [stanza.getChildText('body') ?? ''] : []));

const message = (to: string, text: string): ReturnType<typeof xml> =>
  xml('message', { to, type: 'chat', id: unique('m') }, xml('body', {}, text));

const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `${at}`);

eachServer('a stream that is cut', (server) => {
  it('goes on where it was, and nothing is lost or doubled in either direction', async () => {
    const alice = await human(server());
    const way = await gate(`${server().host}:${server().port}`);
    const bot = log(server(), await server().addUser(unique('bot')), { server: way.address });
    const own = await bot.session();
    const sent: Promise<void>[] = [];
    for (const at of numbers(40)) {
      sent.push(own.send(message(alice.jid, at)));
      await alice.say(own.jid, at);
      if (!['10', '25', '26'].includes(at)) continue;
      const before = bot.events.length;
      way.shut();
      way.restore();
      await until(() => bot.events.length > before + 1);
    }
    await Promise.all(sent);
    await until(() => said(bot).includes('39'));
    await alice.hears(({ body }) => body === '39');
    expect(said(bot)).toEqual(numbers(40));
    expect(alice.messages.map(({ body }) => body)).toEqual(numbers(40));
    expect(bot.events).toEqual(['online', ...Array.from({ length: 3 }, () => ['offline', 'resumed']).flat()]);
    expect(new Set(bot.sessions).size).toBe(1);
  });

  it('keeps what is asked and said in the meantime', async () => {
    const bot = log(server(), await server().addUser(unique('bot')));
    const own = await bot.session();
    server().shut();
    await until(() => bot.events.includes('offline'));
    const sent = numbers(20).map((at) => own.send(message(own.jid, at)));
    const asked = own.ask(
      xml('iq', { type: 'get', to: server().domain }, xml('query', { xmlns: 'jabber:iq:version' })),
    );
    server().restore();
    await Promise.all(sent);
    expect((await asked).attrs['type']).toBe('result');
    await until(() => said(bot).length === 20);
    expect(said(bot)).toEqual(numbers(20));
  });

  it('is noticed when nobody says so, and what was sent into the void arrives once', async () => {
    const bot = log(server(), await server().addUser(unique('bot')), { timing: { silenceMs: 1_500 } });
    const own = await bot.session();
    server().stall();
    const sent = own.send(message(own.jid, 'into the void'));
    await until(() => bot.account.outage?.reason === 'the server fell silent');
    // What the network held is gone with it.
    server().cut();
    server().restore();
    await sent;
    await until(() => said(bot).length > 0);
    expect(said(bot)).toEqual(['into the void']);
    expect(bot.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });
});

eachKind('a server that goes away', (kind) => {
  const own = async (options: ServerOptions = {}): Promise<XmppServer> => {
    const server = await startServer(kind, options);
    onTestFinished(() => server.close());
    return server;
  };

  it.each(['stop', 'kill'] as const)('with %s ends the session, and a new one begins when it is back', async (way) => {
    const server = await own();
    const bot = log(server, await server.addUser('bot'));
    const first = await bot.session();
    await server[way]();
    await until(() => bot.events.includes('offline'));
    const lost = first.send(message(first.jid, 'lost'));
    lost.catch(() => {});
    await server.restart();
    // One of them forgets an account that it was told of just before it was killed: until then it refuses us.
    await server.addUser('bot');
    await until(() => bot.events.filter((event) => event === 'online').length === 2);
    await expect(lost).rejects.toMatchObject({ name: 'XmppError', code: 'unavailable' });
    await expect(first.ask(xml('iq', { type: 'get' }))).rejects.toMatchObject({ code: 'unavailable' });
    const next = bot.sessions.at(-1);
    expect(next).not.toBe(first);
    await next?.send(message(next.jid, 'found'));
    await until(() => said(bot).includes('found'));
    expect(said(bot)).toEqual(['found']);
    expect(bot.events).toEqual(['online', 'offline', 'online']);
  });

  it('and waits too shortly for us has a new session for us', async () => {
    const server = await own({ resumeSeconds: 1 });
    const bot = log(server, await server.addUser('bot'));
    const first = await bot.session();
    server.shut();
    await until(() => bot.events.includes('offline'));
    await expect(first.send(message(first.jid, 'too late'))).rejects.toMatchObject({ code: 'unavailable' });
    server.restore();
    await until(() => bot.events.length === 3);
    expect(bot.events).toEqual(['online', 'offline', 'online']);
  });

  it('and does not know stream management says so of what is under way', async () => {
    const server = await own({ managed: false });
    const bot = log(server, await server.addUser('bot'), { timing: { silenceMs: 1_500 } });
    const first = await bot.session();
    await first.send(message(first.jid, 'heard'));
    await until(() => said(bot).includes('heard'));
    server.stall();
    const asked = first.ask(
      xml('iq', { type: 'get', to: server.domain }, xml('query', { xmlns: 'jabber:iq:version' })),
    );
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    server.cut();
    server.restore();
    await until(() => bot.events.length === 3);
    expect(bot.events).toEqual(['online', 'offline', 'online']);
  });
});

eachServer('two bots with one account', (server) => {
  it('get on with each other', async () => {
    const user = await server().addUser(unique('bot'));
    const [one, other] = [log(server(), user), log(server(), user)];
    const [first, second] = [await one.session(), await other.session()];
    expect(first.jid).not.toBe(second.jid);
    await first.send(message(second.jid, 'hello'));
    await until(() => said(other).includes('hello'));
    expect([...one.events, ...other.events]).toEqual(['online', 'online']);
  });

  it('and one resource do not throw each other out for ever, and say so', async () => {
    const user = await server().addUser(unique('bot'));
    const resource = 'same';
    const slow = { timing: { slowDelayMs: 60_000 } };
    const one = log(server(), user, { resource, ...slow });
    await one.session();
    const other = log(server(), user, { resource, ...slow });
    const session = await other.session();
    await until(() => one.account.outage !== undefined);
    expect(one.account.outage?.reason).toContain('conflict');
    expect(one.lines.join()).toMatch(/warn .*conflict/);
    await session.send(message(session.jid, 'still here'));
    await until(() => said(other).includes('still here'));
    expect(one.events).toEqual(['online', 'offline']);
    expect(other.events).toEqual(['online']);
  });
});
