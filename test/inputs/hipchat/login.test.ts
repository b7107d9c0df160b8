import { createElement as xml, type Element } from '@xmpp/xml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silent } from '../../../src/log/log.ts';
import { hipchatLogin } from '../../../src/inputs/hipchat/login.ts';
import type { Authorize, LoginStream } from '../../../src/inputs/xmpp/account/authorize.ts';
import { createAccount } from '../../../src/inputs/xmpp/account/create.ts';
import type { AccountOptions } from '../../../src/inputs/xmpp/account/options.ts';
import type { Session } from '../../../src/inputs/xmpp/account.ts';
import { withServer } from '../../support/needs.ts';
import { missingEjabberd, startEjabberd } from '../../support/xmpp/ejabberd.ts';
import { missingProsody, startProsody } from '../../support/xmpp/prosody.ts';
import type { ServerOptions, XmppServer } from '../../support/xmpp/server.ts';
import { startFakeHipchat } from './fake/hipchat.ts';
import { newWorld, type World } from './fake/world.ts';

/** Logs in and stays so until the test ends. Rejects as the account's run does. */
function logIn(options: Omit<AccountOptions, 'log'>): Promise<Session> {
  const stop = new AbortController();
  return new Promise((resolve, reject) => {
    const account = createAccount({ resource: 'bot', ...options, log: silent });
    const guest = { online: resolve, stanza: (): void => {}, offline: (): void => {} };
    const running = account.run(guest, stop.signal).catch(reject);
    onTestFinished(async () => {
      stop.abort();
      await running;
    });
  });
}

describe('a login to HipChat', () => {
  async function hipchat(more: Partial<World> = {}): Promise<{
    readonly world: World;
    readonly logins: readonly string[];
    readonly account: Omit<AccountOptions, 'log'>;
  }> {
    const fake = await startFakeHipchat(newWorld(more));
    onTestFinished(() => fake[Symbol.asyncDispose]());
    const { bot, password } = fake.world;
    const account = {
      jid: bot.jid,
      password,
      server: fake.server,
      mode: 'plain',
      authorize: hipchatLogin({ isToken: false }),
    } as const;
    return { world: fake.world, logins: fake.logins, account };
  }

  it('shows a digest of the password where that is taken', async () => {
    const { logins, account, world } = await hipchat();
    const session = await logIn(account);
    expect(session.jid).toBe(`${world.bot.jid}/bot`);
    expect(logins).toEqual(['digest']);
  });

  it('shows the password where it is not', async () => {
    const { logins, account } = await hipchat({ hasDigest: false });
    await logIn(account);
    expect(logins).toEqual(['password']);
  });

  it('shows a token by HipChat’s own mechanism', async () => {
    const { logins, account, world } = await hipchat();
    const session = await logIn({ ...account, password: world.token, authorize: hipchatLogin({ isToken: true }) });
    expect(session.jid).toBe(`${world.bot.jid}/bot`);
    expect(logins).toEqual(['token']);
  });

  it.each([true, false])('is refused with the wrong secret, which is not told (token: %s)', async (isToken) => {
    const { account } = await hipchat();
    const refused = logIn({ ...account, password: 'canary-wrong', authorize: hipchatLogin({ isToken }) });
    await expect(refused).rejects.toMatchObject({ name: 'InputError', code: 'refused' });
    await expect(refused).rejects.not.toThrow(/canary/);
  });

  it.each([
    true,
    false,
  ])('sends no secret without encryption that nobody asked to do without (token: %s)', async (isToken) => {
    const sent: Element[] = [];
    const note = (element: Element): Promise<Element> => {
      sent.push(element);
      return Promise.resolve(xml('iq'));
    };
    const stream: LoginStream = {
      features: xml('features'),
      isSecure: false,
      allowsPlain: false,
      streamId: 'x',
      username: '1_1',
      domain: 'chat.hipchat.test',
      password: 'secret',
      resource: 'bot',
      send: (element) => void note(element),
      next: () => Promise.resolve(xml('success')),
      ask: note,
    };
    await expect(hipchatLogin({ isToken })(stream)).rejects.toMatchObject({
      code: 'refused',
      condition: 'encryption-required',
    });
    expect(sent).toEqual([]);
  });
});

const sasl = ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS'];

withServer(missingEjabberd(), 'a login to ejabberd as if it were HipChat', () => {
  it('goes by a digest in jabber:iq:auth where there is no SASL that we know', async () => {
    const names = { domain: 'hipchat.test', conference: 'conf.hipchat.test' };
    const server = await startEjabberd({ ...names, legacyAuth: true, withoutMechanisms: [...sasl, 'SCRAM-SHA-512'] });
    onTestFinished(() => server.close());
    const { jid, password } = await server.addUser('micro');
    const sent: string[] = [];
    const login = hipchatLogin({ isToken: false });
    const authorize: Authorize = (stream) =>
      login({
        ...stream,
        ask(request) {
          sent.push(request.toString());
          return stream.ask(request);
        },
      });
    const account = { jid, password, server: `127.0.0.1:${server.port}`, ca: server.ca, authorize };
    expect((await logIn(account)).jid).toBe('micro@hipchat.test/bot');
    expect(sent.join()).toContain('<digest>');
    expect(sent.join()).not.toContain(password);
  });
});

withServer(missingProsody(), 'a login to Prosody as if it were HipChat', () => {
  async function prosody(
    options: ServerOptions,
  ): Promise<{ readonly server: XmppServer; readonly account: Omit<AccountOptions, 'log'> }> {
    const server = await startProsody({
      domain: 'hipchat.test',
      conference: 'conf.hipchat.test',
      legacyAuth: true,
      ...options,
    });
    onTestFinished(() => server.close());
    const { jid, password } = await server.addUser('micro');
    const authorize = hipchatLogin({ isToken: false });
    return { server, account: { jid, password, server: `127.0.0.1:${server.port}`, ca: server.ca, authorize } };
  }
  it('goes by jabber:iq:auth under TLS where there is no SASL', async () => {
    const { account } = await prosody({ withoutMechanisms: sasl });
    expect((await logIn(account)).jid).toBe('micro@hipchat.test/bot');
  });

  it('is refused with the wrong password', async () => {
    const { account } = await prosody({ withoutMechanisms: sasl });
    await expect(logIn({ ...account, password: 'wrong' })).rejects.toMatchObject({
      name: 'InputError',
      code: 'refused',
    });
  });

  it.each([
    ['PLAIN', sasl.slice(1)],
    ['SCRAM', ['PLAIN']],
  ])('goes by SASL where there is any: %s', async (_, withoutMechanisms) => {
    const { account } = await prosody({ withoutMechanisms });
    expect((await logIn(account)).jid).toBe('micro@hipchat.test/bot');
  });
});
