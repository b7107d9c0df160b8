import { describe, expect, it, onTestFinished, test } from 'vitest';
import { text } from '../../../src/document/document.ts';
import type { Input, Message, Place } from '../../../src/inputs/input.ts';
import { slackInput, type SlackOptions } from '../../../src/inputs/slack/slack.ts';
import { type FakeSlack, startFakeSlack } from '../../support/slack/fake.ts';
import type { Shown } from '../../support/slack/world.ts';
import { until } from '../../support/until.ts';
import { everyText } from './render/reading.ts';

interface Listening {
  readonly fake: FakeSlack;
  readonly input: Input;
  readonly heard: readonly Message[];
  readonly stop: () => Promise<void>;
}

async function listening(
  prepare: (fake: FakeSlack) => Partial<SlackOptions> = () => ({}),
  isDown = false,
): Promise<Listening> {
  const fake = await startFakeSlack({ retryAfterMs: [0], postsPerSecond: 1_000, burst: 1_000 });
  const options = prepare(fake);
  if (isDown) await fake.down();
  const input = slackInput({ tokens: [fake.home.token], appTokens: [fake.appToken], apiUrl: fake.apiUrl, ...options });
  const heard: Message[] = [];
  const leaving = new AbortController();
  const listen = async (): Promise<void> => {
    for await (const message of input.messages(leaving.signal)) heard.push(message);
  };
  const ended = listen();
  const stop = async (): Promise<void> => {
    leaving.abort();
    await ended;
    await input.close();
  };
  onTestFinished(async () => {
    await stop();
    await fake.stop();
  });
  if (!isDown) await until(() => input.outage === undefined);
  return { fake, input, heard, stop };
}

const room = (name: string, thread?: string): Place => ({
  kind: 'room',
  room: name,
  ...(thread === undefined ? {} : { thread }),
});

async function say(input: Input, place: Place, words = 'news'): Promise<void> {
  const speech = input.reach?.(place);
  await speech?.say(text(words), 'answer');
  speech?.end();
}

const ours = (shown: readonly Shown[]): readonly string[] =>
  shown.filter(({ byBot }) => byBot).map(({ blocks }) => everyText(blocks).join(' '));

describe('a channel of Slack', () => {
  it('is reached by its id, with and without the workspace, and by its name in every spelling', async () => {
    const { fake, input } = await listening();
    const secret = fake.addChannel({ name: 'secret-ops', kind: 'group' });
    const { team } = fake.home;
    await say(input, room(`${team}/${fake.general}`), 'one');
    await say(input, room(fake.general), 'two');
    await say(input, room('#general'), 'three');
    await say(input, room('General'), 'four');
    await say(input, room(`${team}/#general`), 'five');
    await say(input, room('#secret-ops'), 'six');
    expect(ours(fake.channel())).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(ours(fake.channel(secret))).toEqual(['six']);
  });

  it('is looked up once, and not at all where its name was told before', async () => {
    const { fake, input, heard } = await listening();
    expect(fake.calls('users.conversations')).toEqual([]);
    const ops = fake.addChannel({ name: 'ops' });
    await until(async () => {
      await fake.mention({ typed: 'hello', channel: ops });
      return heard.at(-1)?.room.name === 'ops';
    });
    await say(input, room('#ops'), 'one');
    expect(fake.calls('users.conversations')).toEqual([]);
    await say(input, room('#general'), 'two');
    await say(input, room('#general'), 'three');
    expect(fake.calls('users.conversations')).toHaveLength(1);
    expect(ours(fake.channel())).toEqual(['two', 'three']);
  });

  it('is found among many', async () => {
    const { fake, input } = await listening();
    for (let index = 0; index < 600; index += 1) fake.addChannel({ name: `room-${index}` });
    const last = fake.addChannel({ name: 'last' });
    await say(input, room('#last'));
    expect(fake.calls('users.conversations')).toHaveLength(2);
    expect(ours(fake.channel(last))).toEqual(['news']);
  });

  it.each([
    ['groups:read'],
    ['groups:read', 'channels:read'],
  ])('is found by Slack itself where we may not look: without %s', async (...scopes) => {
    const { fake, input } = await listening();
    for (const scope of scopes) fake.withoutScope(scope);
    await say(input, room('#general'));
    expect(ours(fake.channel())).toEqual(['news']);
  });

  it('is answered in its thread, in one message that changes, without a mention and without a Stop button', async () => {
    const { fake, input } = await listening();
    const { ts } = await fake.say({ typed: 'something broke' });
    const speech = input.reach?.(room(`${fake.home.team}/${fake.general}`, ts));
    await speech?.say(text('step'), 'progress');
    const [posted] = fake.channel().filter(({ byBot }) => byBot);
    expect(JSON.stringify(posted?.blocks)).not.toContain('micro:stop');
    await speech?.say(text('done'), 'answer');
    speech?.end();
    const shown = fake.channel().filter(({ byBot }) => byBot);
    expect(shown).toMatchObject([{ thread: ts, edited: true, to: undefined }]);
    expect(everyText(shown[0]?.blocks ?? []).join(' ')).toMatch(/step[^]*done/);
    expect(shown[0]?.text).not.toContain('<@');
  });

  it.each(['error', 'aside'] as const)('reads %ss that nobody asked for, all of it', async (kind) => {
    const { fake, input } = await listening();
    await input.reach?.(room('#general')).say(text('bad news'), kind);
    expect(fake.channel().filter(({ byBot }) => byBot)).toMatchObject([{ to: undefined }]);
  });

  it('that does not take it says so, and is looked for again', async () => {
    const { fake, input } = await listening();
    const speech = input.reach?.(room('#later'));
    await expect(speech?.say(text('one'), 'answer')).rejects.toMatchObject({ code: 'refused' });
    await expect(say(input, room('C0NOWHERE'))).rejects.toMatchObject({ reason: 'channel_not_found' });
    const closed = fake.addChannel({ name: 'closed', bot: false });
    await expect(say(input, room(closed))).rejects.toMatchObject({ reason: 'not_in_channel' });
  });

  it('is told things in the order in which they are said', async () => {
    const { fake, input } = await listening();
    const speech = input.reach?.(room('#general'));
    await Promise.all(['one', 'two', 'three'].map(async (words) => speech?.say(text(words), 'answer')));
    expect(ours(fake.channel())).toEqual(['one', 'two', 'three']);
  });
});

describe('a person on Slack', () => {
  it('is reached alone, in a conversation that is opened once', async () => {
    const { fake, input } = await listening();
    const place: Place = { kind: 'person', person: `${fake.home.team}/${fake.user}` };
    await say(input, place, 'one');
    await say(input, place, 'two');
    expect(ours(fake.channel(fake.direct))).toEqual(['one', 'two']);
    expect(fake.calls('conversations.open')).toHaveLength(1);
  });

  it('is reached without the scope to open one, and by the id of their room', async () => {
    const { fake, input } = await listening();
    fake.withoutScope('im:write');
    await say(input, { kind: 'person', person: `${fake.home.team}/${fake.user}` }, 'one');
    await say(input, room(`${fake.home.team}/${fake.direct}`), 'two');
    expect(ours(fake.channel(fake.direct))).toEqual(['one', 'two']);
  });

  it('of another company is reached through the workspace that heard them', async () => {
    const { fake, input, heard } = await listening((slack) => {
      const other = slack.addWorkspace();
      return { tokens: [slack.home.token, other.token] };
    });
    const guest = fake.addUser();
    await expect(say(input, { kind: 'person', person: `TGUEST/${guest}` })).rejects.toMatchObject({ code: 'config' });
    await fake.mention({ typed: 'hello', user: guest, userTeam: 'TGUEST' });
    await until(() => heard.length > 0);
    const sender = heard[0]?.sender.id ?? '';
    expect(sender).toBe(`TGUEST/${guest}`);
    await say(input, { kind: 'person', person: sender });
    expect(fake.calls('conversations.open').at(-1)).toMatchObject({ team: fake.home.team, outcome: 'ok' });
  });

  it('who is not there does not take anything', async () => {
    const { input } = await listening();
    await expect(say(input, { kind: 'person', person: 'U0NOBODY' })).rejects.toMatchObject({
      reason: 'user_not_found',
    });
  });
});

describe('a place that can not be named', () => {
  it.each<[string, Place]>([
    ['nothing', room('')],
    ['a mention of everybody', room('<!channel>')],
    ['an address', room('https://x.example')],
    ['two words', room('#two words')],
    ['a person by name', { kind: 'person', person: '@ann' }],
    ['a channel as a person', { kind: 'person', person: 'C0123' }],
  ])('is told at once: %s', async (_, place) => {
    const input = slackInput({ tokens: ['xoxb-1'], appTokens: ['xapp-1'] });
    expect(() => input.reach?.(place)).toThrow(expect.objectContaining({ code: 'config' }));
    await input.close();
  });

  it('is one without its workspace where there are several', async () => {
    const { fake, input } = await listening((slack) => ({ tokens: [slack.home.token, slack.addWorkspace().token] }));
    expect(() => input.reach?.(room('#general'))).toThrow(/several Slack workspaces/);
    expect(() => input.reach?.(room('T0NONE/#general'))).toThrow(/no token for the Slack workspace T0NONE/);
    await say(input, room(`${fake.home.team}/#general`));
    expect(ours(fake.channel())).toEqual(['news']);
    const unheard = slackInput({ tokens: ['xoxb-1', 'xoxb-2'], appTokens: ['xapp-1'] });
    expect(() => unheard.reach?.(room('#general'))).toThrow(/several Slack workspaces/);
    await unheard.close();
  });
});

test('what is to be said before Slack is there is said when it is', async () => {
  const { fake, input } = await listening(undefined, true);
  const said = say(input, room('#general'));
  await fake.up();
  await said;
  expect(ours(fake.channel())).toEqual(['news']);
});

test('what was still to be said when the bot leaves rejects', async () => {
  const { input, stop } = await listening(undefined, true);
  const said = say(input, room('#general'));
  said.catch(() => {});
  await stop();
  await expect(said).rejects.toMatchObject({ code: 'unavailable' });
});

test('somebody whose company Slack does not tell is not known', async () => {
  const { fake, heard } = await listening();
  const file = { typed: 'hello', subtype: 'file_share', more: { files: [{ id: 'F1' }] } };
  await fake.mention(file);
  await fake.mention({ ...file, isShared: true, userTeam: 'TGUEST' });
  await fake.mention({ typed: 'hello', isShared: true });
  await until(() => heard.length === 3);
  expect(heard.map(({ sender }) => sender.isKnown)).toEqual([undefined, undefined, undefined]);
  await fake.mention({ ...file, isShared: true });
  await until(() => heard.length === 4);
  expect(heard.at(-1)?.sender.isKnown).toBe(false);
});
