import { describe, expect, test } from 'vitest';
import { event, message, type Payload, said, see } from './payloads.ts';

const read = (inner: Payload, more?: Payload): ReturnType<typeof said> =>
  said('events_api', event(message(inner), more));

test('a message in a channel', () => {
  expect(see('events_api', event(message()))).toEqual({
    kind: 'said',
    keys: ['event:Ev1', 'message:T1:C1:1700000000.000100'],
    incoming: {
      keys: ['event:Ev1', 'message:T1:C1:1700000000.000100'],
      team: 'T1',
      channel: 'C1',
      sender: 'T1/U1',
      user: 'U1',
      text: 'micro list services',
      direct: false,
      addressed: false,
      thread: undefined,
      ts: '1700000000.000100',
      responseUrl: undefined,
    },
  });
});

test('a mention comes as two events, in which the same is said, and which have a key in common', () => {
  const text = '<@UBOT> list services';
  const asMessage = read({ text });
  const { channel_type: _, ...mention } = message({ text, type: 'app_mention' });
  const asMention = said('events_api', event(mention, { event_id: 'Ev2' }));
  expect(asMention).toEqual({ ...asMessage, keys: ['event:Ev2', 'message:T1:C1:1700000000.000100'] });
  expect(asMention).toMatchObject({ text: 'list services', addressed: true });
});

test('rich text tells what was typed', () => {
  const elements = [
    { type: 'user', user_id: 'UBOT' },
    { type: 'text', text: ' find ' },
    { type: 'text', text: '*x*', style: { code: true } },
  ];
  const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
  expect(read({ text: '<@UBOT> find `*x*`', blocks })).toMatchObject({ text: 'find `*x*`', addressed: true });
});

describe('where it was said', () => {
  test('a direct conversation', () => {
    expect(read({ channel: 'D1', channel_type: 'im' })).toMatchObject({ channel: 'D1', direct: true });
  });

  test('a direct conversation, told by its id alone', () => {
    expect(read({ channel: 'D1', channel_type: undefined })).toMatchObject({ direct: true });
  });

  test.each(['channel', 'group', 'mpim', undefined])('not direct: %s', (channel_type) => {
    expect(read({ channel_type })).toMatchObject({ direct: false });
  });

  test('a thread', () => {
    expect(read({ thread_ts: '1699999999.000100' })).toMatchObject({ thread: '1699999999.000100' });
  });

  test('a message that a thread began with is in none', () => {
    expect(read({ thread_ts: '1700000000.000100' })).toMatchObject({ thread: undefined });
  });

  test('a reply that is shown in the channel too is in its thread', () => {
    expect(read({ subtype: 'thread_broadcast', thread_ts: '1699999999.000100' })).toMatchObject({
      thread: '1699999999.000100',
    });
  });
});

describe('who said it, and to whom', () => {
  test('a person of another company in a shared channel', () => {
    const theirs = { user: 'U9', team: 'T1', user_team: 'T9', source_team: 'T9', user_profile: { team: 'T9' } };
    expect(read(theirs, { is_ext_shared_channel: true })).toMatchObject({
      team: 'T1',
      sender: 'T9/U9',
      user: 'U9',
      keys: ['event:Ev1', 'message:T1:C1:1700000000.000100', 'message:T9:C1:1700000000.000100'],
    });
  });

  test('the event belongs to the workspace that it was authorized for, not to the one that it names', () => {
    const more = { team_id: 'T9', context_team_id: 'T1' };
    expect(read({ user: 'U9', team: 'T9' }, more)).toMatchObject({ team: 'T1', sender: 'T9/U9' });
  });

  test('one message that is authorized for two workspaces is one thing', () => {
    const authorized = (team: string): Payload => ({
      authorizations: [{ team_id: team, is_bot: true, user_id: 'UBOT' }],
    });
    const first = read({ team: 'T9' }, { ...authorized('T1'), event_id: 'Ev1' })?.keys ?? [];
    const second = read({ team: 'T9' }, { ...authorized('T2'), event_id: 'Ev2' })?.keys ?? [];
    expect(first.filter((key) => second.some((other) => other === key))).toEqual(['message:T9:C1:1700000000.000100']);
  });

  test.each<[string, Payload, string]>([
    [
      'the workspace they are of',
      { user_team: 'T2', source_team: 'T3', user_profile: { team: 'T4' }, team: 'T5' },
      'T2/U1',
    ],
    ['the workspace they wrote in', { source_team: 'T3', user_profile: { team: 'T4' }, team: 'T5' }, 'T3/U1'],
    ['the workspace of their profile', { user_profile: { team: 'T4' }, team: 'T5' }, 'T4/U1'],
    ['the workspace of the message', { team: 'T5' }, 'T5/U1'],
    ['ours, when a message with a file tells none', { subtype: 'file_share', team: undefined }, 'T1/U1'],
    ['an organization', { user: 'W1', user_team: 'E1' }, 'E1/W1'],
  ])('a sender is known by %s', (_, inner, sender) => {
    expect(read(inner)).toMatchObject({ sender });
  });

  test('a person whose company is not told, in a shared channel, is not known', () => {
    const file = { subtype: 'file_share', team: 'T1' };
    expect(read(file, { is_ext_shared_channel: true })).toMatchObject({ isKnown: false });
    expect(read({ ...file, user_team: 'T9' }, { is_ext_shared_channel: true })).not.toHaveProperty('isKnown');
    expect(read({ team: 'T1' }, { is_ext_shared_channel: true })).not.toHaveProperty('isKnown');
    expect(read(file)).not.toHaveProperty('isKnown');
  });

  test('an app that is installed in a whole organization is asked as the organization', () => {
    const authorizations = [
      { enterprise_id: 'E1', team_id: 'T1', user_id: 'UORG', is_bot: true, is_enterprise_install: true },
    ];
    expect(read({ text: '<@UORG> help', user: 'W1' }, { enterprise_id: 'E1', authorizations })).toMatchObject({
      team: 'E1',
      sender: 'T1/W1',
      text: 'help',
      addressed: true,
    });
  });

  test('a person whom an event is authorized for is not the bot', () => {
    const authorizations = [
      { enterprise_id: null, team_id: 'T1', user_id: 'U2', is_bot: false, is_enterprise_install: false },
    ];
    expect(read({ text: '<@U2> help' }, { authorizations })).toMatchObject({ text: '@U2 help', addressed: false });
  });

  test.each<[string, Payload, string]>([
    ['for whom it is, when nothing is authorized', { authorizations: [], context_team_id: 'T7', team_id: 'T8' }, 'T7'],
    [
      'from whom it comes, when there is nothing else',
      { authorizations: undefined, context_team_id: undefined, team_id: 'T8' },
      'T8',
    ],
    [
      'the organization, when no workspace is named',
      { authorizations: [{ enterprise_id: 'E1', team_id: null }] },
      'E1',
    ],
  ])('the workspace is known by %s', (_, more, team) => {
    expect(read({}, more)).toMatchObject({ team });
  });
});

describe('the home', () => {
  const opened = { type: 'app_home_opened', user: 'U1', channel: 'D1', tab: 'home', event_ts: '1700000000.1' };

  test('was opened', () => {
    expect(see('events_api', event(opened))).toEqual({ kind: 'home', keys: ['event:Ev1'], team: 'T1', user: 'U1' });
  });

  test('was not, but the conversation beside it', () => {
    expect(see('events_api', event({ ...opened, tab: 'messages' }))).toBeUndefined();
  });
});

test.each<[string, Payload]>([
  ['an event without an id', event(message(), { event_id: undefined })],
  ['an event of no workspace', event(message(), { authorizations: [], context_team_id: null, team_id: 7 })],
  ['an event that is none', event(message(), { event: 'message' })],
  ['an event of another kind', event({ type: 'reaction_added', user: 'U1' })],
  ['a message of nobody', event(message({ user: undefined }))],
  ['a message nowhere', event(message({ channel: null }))],
  ['a message at no time', event(message({ ts: 1_700_000_000 }))],
  ['a home of nobody', event({ type: 'app_home_opened' })],
  ['nothing', {}],
])('is not read: %s', (_, body) => {
  expect(see('events_api', body)).toBeUndefined();
});
