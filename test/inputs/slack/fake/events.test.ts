import { expect, test } from 'vitest';
import type { Fields } from '../../../support/slack/fields.ts';
import type { FakeSlack } from '../../../support/slack/fake.ts';
import { client, post, slack, socketClient } from './apps.ts';

/** What the app hears from now on. */
async function listen(fake: FakeSlack): Promise<readonly Fields[]> {
  const heard: Fields[] = [];
  await socketClient(fake, ({ ack, body }) => {
    heard.push(body);
    void ack();
  });
  return heard;
}

test('a message comes with its rich text, in its thread', async () => {
  const fake = await slack();
  const heard = await listen(fake);
  const first = await fake.say({ typed: 'first' });
  await fake.say({ text: '<@U1> see <https://x.example|x.example> &amp; <!here>', threadTs: first.ts });
  expect(heard[1]).toMatchObject({
    type: 'event_callback',
    team_id: fake.home.team,
    api_app_id: fake.appId,
    authorizations: [{ team_id: fake.home.team, user_id: fake.home.botUser, is_enterprise_install: false }],
    event: {
      type: 'message',
      user: fake.user,
      channel: fake.general,
      channel_type: 'channel',
      thread_ts: first.ts,
      blocks: [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'user', user_id: 'U1' },
                { type: 'text', text: ' see ' },
                { type: 'link', url: 'https://x.example', text: 'x.example' },
                { type: 'text', text: ' & ' },
                { type: 'broadcast', range: 'here' },
              ],
            },
          ],
        },
      ],
    },
  });
});

test('a mention is told twice, as two events of one message; in a direct conversation once', async () => {
  const fake = await slack();
  const heard = await listen(fake);
  const { ts } = await fake.mention({ typed: 'help' });
  const events = heard.map(({ event }) => event as Fields);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['app_mention', 'message']));
  expect(events.map((event) => event['ts'])).toEqual([ts, ts]);
  expect(events.find(({ type }) => type === 'app_mention')).not.toHaveProperty('channel_type');
  expect(new Set(heard.map((body) => body['event_id'])).size).toBe(2);
  await fake.mention({ typed: 'help', channel: fake.direct });
  expect(heard[2]).toMatchObject({ event: { type: 'message', channel_type: 'im' } });
  expect(heard).toHaveLength(3);
});

test('the bot hears itself, and nothing from where it is no member', async () => {
  const fake = await slack();
  const heard = await listen(fake);
  const outside = fake.addChannel({ bot: false });
  expect(await fake.say({ typed: 'among us', channel: outside })).toMatchObject({ acknowledged: false, attempts: 0 });
  await post(client(fake), { channel: fake.general, text: 'me' });
  await expect
    .poll(() => heard)
    .toMatchObject([{ event: { text: 'me', bot_id: fake.home.botId, app_id: fake.appId } }]);
});

test('people from another workspace bring its id; an organization installs for all', async () => {
  const fake = await slack();
  const heard = await listen(fake);
  await fake.say({ typed: 'hello', user: 'U0OTHER', userTeam: 'T0OTHER' });
  expect(heard[0]).toMatchObject({
    team_id: fake.home.team,
    event: { user: 'U0OTHER', user_team: 'T0OTHER', source_team: 'T0OTHER', team: 'T0OTHER' },
  });
  const one = fake.addWorkspace({ team: 'T1', enterprise: 'E1', orgWide: true, token: 'xoxb-org' });
  fake.addWorkspace({ team: 'T2', enterprise: 'E1', orgWide: true, token: 'xoxb-org', botUser: one.botUser });
  const there = fake.addChannel({ team: 'T2' });
  await fake.say({ typed: 'hello', team: 'T2', channel: there, user: fake.addUser({ team: 'T2' }) });
  expect(heard[1]).toMatchObject({
    team_id: 'T2',
    enterprise_id: 'E1',
    authorizations: [{ enterprise_id: 'E1', team_id: null, is_enterprise_install: true }],
  });
  const web = client(fake, {}, 'xoxb-org');
  await post(web, { channel: there, text: 'and hello' });
  expect(fake.channel(there, 'T2').at(-1)).toMatchObject({ team: 'T2', text: 'and hello' });
  expect(await web.auth.test()).toMatchObject({ enterprise_id: 'E1', is_enterprise_install: true });
});

test('an event of any kind can be sent', async () => {
  const fake = await slack();
  const heard = await listen(fake);
  const changed = { type: 'message', subtype: 'message_changed', hidden: true, channel: fake.general };
  expect(await fake.event(changed)).toMatchObject({ acknowledged: true });
  await fake.openHome();
  expect(heard).toMatchObject([
    { event: changed },
    { event: { type: 'app_home_opened', user: fake.user, tab: 'home' } },
  ]);
});
