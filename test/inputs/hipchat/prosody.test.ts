import { createElement as xml, type Element } from '@xmpp/xml';
import { expect, it, onTestFinished } from 'vitest';
import { hipchatLogin } from '../../../src/inputs/hipchat/login.ts';
import { createAccount } from '../../../src/inputs/xmpp/account/create.ts';
import type { AccountOptions } from '../../../src/inputs/xmpp/account/options.ts';
import type { Guest, Session } from '../../../src/inputs/xmpp/account.ts';
import { silent } from '../../../src/log/log.ts';
import { until } from '../../support/until.ts';
import { withServer } from '../../support/needs.ts';
import { missingPerson, type Person, person } from '../../support/xmpp/person.ts';
import { missingProsody, startProsody } from '../../support/xmpp/prosody.ts';
import { missingSendxmpp, sendxmpp, sendxmppRoom } from '../../support/xmpp/sendxmpp.ts';
import type { ServerOptions, User, XmppServer } from '../../support/xmpp/server.ts';
import { type Scene, scene } from './scene.ts';

const room = '1_ops@conf.hipchat.test';
const mechanisms = ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS'];

const shape: ServerOptions = { domain: 'chat.hipchat.test', conference: 'conf.hipchat.test', legacyAuth: true };

interface House {
  readonly server: XmppServer;
  readonly bot: User;
  readonly asim: Person;
}

/** A server in the shape of HipChat's, where people have names, mention names and rooms. */
async function house(): Promise<House> {
  const server = await startProsody({ ...shape, withoutMechanisms: mechanisms });
  onTestFinished(() => server.close());
  const bot = await server.addUser('1_1', 'canary-password-1');
  const asim = await played(server, '1_2');
  await asim.ask('', 'set', card('Asim Aslam', 'Asim'));
  const setting = await played(server, bot);
  await setting.ask('', 'set', card('Micro Bot', 'Micro'));
  const item = `<item jid='${asim.user.jid}' name='Asim Aslam'/>`;
  await setting.ask('', 'set', `<query xmlns='jabber:iq:roster'>${item}</query>`);
  await setting.end();
  await asim.join(room, 'Asim Aslam');
  return { server, bot, asim };
}

async function played(server: XmppServer, who: string | User): Promise<Person> {
  const one = await person(server, who);
  onTestFinished(() => one.end());
  return one;
}

const card = (name: string, mention: string): string =>
  `<vCard xmlns='vcard-temp'><FN>${name}</FN><NICKNAME>${mention}</NICKNAME></vCard>`;

async function enter({ server, bot, asim }: House): Promise<Scene> {
  const { password } = bot;
  const it = scene({ username: bot.jid, password, server: `127.0.0.1:${server.port}`, ca: server.ca });
  await asim.sees(({ from }) => from === `${room}/Micro Bot`);
  return it;
}

withServer(missingProsody() ?? missingPerson(), 'a bot on Prosody as if it were HipChat', () => {
  it('is in all rooms by its full name, and answers where it is mentioned', async () => {
    const there = await house();
    const { asim } = there;
    await enter(there);
    await asim.sayInRoom(room, 'ping');
    await asim.sayInRoom(room, '@micro ping');
    await asim.hears(({ body }) => body === '@Asim: pong');
    await asim.say(there.bot.jid, 'ping');
    await asim.hears(({ type, body }) => type === 'chat' && body === 'pong');
    expect(asim.messages.filter(({ body }) => body.includes('pong'))).toHaveLength(2);
  });

  it.each([true, false])('comes where it is invited (direct: %s)', async (direct) => {
    const there = await house();
    const { asim, bot } = there;
    await enter(there);
    const secret = '1_secret@conf.hipchat.test';
    await asim.join(secret, 'Asim Aslam');
    await asim.invite(secret, bot.jid, { direct });
    await asim.sees(({ from }) => from === `${secret}/Micro Bot`);
    await asim.sayInRoom(secret, '@Micro ping');
    await asim.hears(({ from, body }) => from.startsWith(`${secret}/`) && body === '@Asim: pong');
  });

  it('leaves with a word', async () => {
    const there = await house();
    const { leave } = await enter(there);
    await leave();
    const last = await there.asim.sees(({ from, type }) => from === `${room}/Micro Bot` && type === 'unavailable');
    expect(last.element.getChildText('status')).toBe('hc-leave');
  });

  it.each(['cut', 'restart'] as const)('answers each thing once after a %s of the server', async (trouble) => {
    const there = await house();
    const { server, asim, bot } = there;
    const { input } = await enter(there);
    await asim.drop();
    const seen = asim.presences.length;
    if (trouble === 'cut') server.cut();
    else await server.restart();
    await asim.back();
    await asim.join(room, 'Asim Aslam');
    await until(() => asim.presences.slice(seen).some(({ from }) => from === `${room}/Micro Bot`));
    await until(() => input.outage === undefined);
    await asim.sayInRoom(room, '@Micro ping');
    await asim.hears(({ body }) => body === '@Asim: pong');
    await asim.say(bot.jid, 'ping');
    await asim.hears(({ body }) => body === 'pong');
    expect(asim.messages.filter(({ body }) => body.endsWith('pong'))).toHaveLength(2);
  });
});

withServer(missingProsody() ?? missingPerson() ?? missingSendxmpp(), 'people with go-sendxmpp', () => {
  it('are answered, too', async () => {
    const there = await house();
    const { server, asim } = there;
    const { heard } = await enter(there);
    const eve = await server.addUser('1_3');
    await sendxmppRoom(server, eve, room, 'Eve', '@Micro ping');
    // Nobody knows how she is mentioned.
    await asim.hears(({ body }) => body === 'Eve: pong');
    await sendxmpp(server, eve, [there.bot.jid], 'ping');
    await until(() => heard.length === 2);
    expect(heard.map(({ direct }) => direct)).toEqual([false, true]);
    expect(heard[1]?.sender.id).toBe(eve.jid);
  });
});

withServer(missingProsody(), 'a bot that has logged in as HipChat wants it', () => {
  it('is in rooms and answers there, under its own name where the server knows of none', async () => {
    const server = await startProsody({ ...shape, withoutMechanisms: [...mechanisms, 'PLAIN'] });
    onTestFinished(() => server.close());
    const given = { server: `127.0.0.1:${server.port}`, ca: server.ca };
    const bot = await server.addUser('1_1');
    scene({ ...given, username: bot.jid, password: bot.password, rooms: ['Ops'] });
    const { session, stanzas } = await logIn(await server.addUser('1_2'), given);
    await session.send(xml('presence', { to: `${room}/Asim` }, xml('x', { xmlns: 'http://jabber.org/protocol/muc' })));
    await until(() => stanzas.some(({ attrs }) => attrs['from'] === `${room}/Micro`));
    await session.send(xml('message', { to: room, type: 'groupchat' }, xml('body', {}, '@Micro ping')));
    await until(() => stanzas.some((stanza) => stanza.getChildText('body') === 'Asim: pong'));
  });

  interface LoggedIn {
    readonly session: Session;
    readonly stanzas: readonly Element[];
  }

  /** Programs that we did not write can't log in so any more. */
  function logIn({ jid, password }: User, given: Pick<AccountOptions, 'server' | 'ca'>): Promise<LoggedIn> {
    const stop = new AbortController();
    const stanzas: Element[] = [];
    const authorize = hipchatLogin({ isToken: false });
    const account = createAccount({ ...given, jid, password, authorize, log: silent });
    return new Promise((resolve, reject) => {
      const guest: Guest = {
        online: (session) => resolve({ session, stanzas }),
        stanza: (stanza) => void stanzas.push(stanza),
        offline: () => {},
      };
      const running = account.run(guest, stop.signal).catch(reject);
      onTestFinished(async () => {
        stop.abort();
        await running;
      });
    });
  }
});
