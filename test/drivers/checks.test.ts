import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { checkSlack } from '../../src/drivers/slack.ts';
import { checkXmpp } from '../../src/drivers/xmpp.ts';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';

type Settings = Readonly<Record<string, string>>;

const settings = (prefix: string, given: Settings): ReturnType<typeof readConfig> =>
  readConfig(new Map(Object.entries(given).map(([name, value]) => [`${prefix}_${name}`, [value]])), {});
const here = fileURLToPath(import.meta.url);

describe('the settings of XMPP are checked before anything is started', () => {
  const good = { jid: 'bot@chat.test', password: 'p' };

  it.each<[Settings, unknown]>([
    [{ jid: 'bot', password: 'p' }, 'xmpp_jid: an account is user@domain, not bot'],
    [{ ...good, jid: 'bot@chat.test/home' }, 'xmpp_jid: an account is user@domain, not bot@chat.test/home'],
    [{ ...good, jid: 'a@chat.test,b', password: 'p,q' }, 'xmpp_jid: an account is user@domain, not b'],
    [{ jid: 'bot@chat.test' }, 'missing xmpp password for bot@chat.test'],
    [{ ...good, server: 'chat.test:99999' }, 'xmpp_server: a server is host or host:port, not chat.test:99999'],
    [{ ...good, muc: 'ops@conf.test' }, 'xmpp_muc: ops@conf.test is no domain'],
    [{ ...good, rooms: '*' }, 'xmpp_rooms: * needs xmpp_muc, the domain of the rooms'],
    [{ ...good, rooms: 'ops' }, 'xmpp_rooms: ops is no address of a room: it needs xmpp_muc, the domain of the rooms'],
    [
      { ...good, rooms: 'a@b@c?s3cr3t' },
      'xmpp_rooms: a@b@c is no address of a room: it is written ops@conference.chat.example',
    ],
    [{ ...good, ca: 'no/such.pem' }, expect.stringMatching(/^xmpp_ca can't be read: /)],
    [{ ...good, ca: here }, `xmpp_ca: there is no certificate in PEM in ${here}`],
    [{ ...good, rooms_file: here }, expect.stringMatching(/^xmpp_rooms_file can't be read: /)],
  ])('%j: %s', async (given, message) => {
    const checked = checkXmpp(settings('xmpp', given));
    await expect(checked).rejects.toEqual(expect.objectContaining({ name: 'ConfigError', message }));
  });

  it('takes what can be used', async () => {
    await checkXmpp(settings('xmpp', good));
    const more = { server: '[::1]:5222', muc: 'conf.test', rooms: 'ops?word,*', rooms_file: `${here}.none` };
    await checkXmpp(settings('xmpp', { ...good, ...more }));
  });
});

describe('the settings of Slack are checked before anything is started', () => {
  const good = { token: 'xoxb-1-s3cr3t', app_token: 'xapp-1-s3cr3t' };
  const http = { token: 'xoxb-1-s3cr3t', signing_secret: '0123456789abcdef' };

  it.each<[Settings, unknown]>([
    [{ ...good, token: 'xapp-1-s3cr3t' }, 'slack_token: the token of a bot begins with xoxb-, this one does not'],
    [{ ...good, token: 'xoxb-1,s3cr3t' }, 'slack_token: the token of a bot begins with xoxb-, number 2 does not'],
    [
      { ...good, app_token: 'xoxb-1-s3cr3t' },
      'slack_app_token: the token of an app begins with xapp-, this one does not',
    ],
    [{ ...good, sockets: '6' }, 'slack_sockets: 1 to 5 can be kept open, not 6'],
    [{ ...good, api_url: 'slack.test' }, 'slack_api_url: slack.test is no address, https://…'],
    [{ ...http, address: '3000' }, expect.stringMatching(/^slack_address: .*use host:port$/)],
    [{ ...http, signing_secret: 's3cr3t' }, expect.stringMatching(/^slack_signing_secret: .* is too short/)],
    [
      { ...good, app_id: 'A1', config_refresh_token_file: 'no/such' },
      expect.stringMatching(/^slack_config_refresh_token_file: it must be there/),
    ],
  ])('%j: %s', async (given, message) => {
    const checked = checkSlack(settings('slack', given));
    await expect(checked).rejects.toEqual(expect.objectContaining({ name: 'ConfigError', message }));
    await expect(checked).rejects.not.toThrow(/s3cr3t/);
  });

  it('takes what can be used', async () => {
    await checkSlack(
      settings('slack', { ...good, token: 'xoxb-1,xoxe.xoxb-2', app_id: 'A1', config_token: 'xoxe.xoxp-1' }),
    );
    await checkSlack(settings('slack', http));
  });
});

it('nothing is said but what is wrong: the bot was never there', async () => {
  const env = { ...loopback(unique('checks')), MICRO_XMPP_JID: 'bot', MICRO_XMPP_PASSWORD: 's3cr3t' };
  expect(await micro(['bot', '--inputs=xmpp'], env)).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: 'xmpp_jid: an account is user@domain, not bot\n',
  });
});
