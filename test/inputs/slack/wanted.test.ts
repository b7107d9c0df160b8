import { describe, expect, it } from 'vitest';
import { isWanted } from '../../../src/inputs/slack/wanted.ts';

const names = { name: 'Micro', users: new Set(['UBOT', 'UBOT2']) };

const message = (event: object): Record<string, unknown> => ({
  type: 'event_callback',
  team_id: 'T1',
  event_id: 'Ev1',
  event: {
    type: 'message',
    channel: 'C1',
    channel_type: 'channel',
    user: 'U1',
    ts: '1.5',
    text: 'micro list',
    ...event,
  },
});

const said = (text: unknown): boolean => isWanted(message({ text }), names);

describe('what is wanted of all that is said', () => {
  it.each([
    'micro list',
    'MICRO',
    '  micro: list',
    '\u00a0\u200bmicro, list',
    '@micro list',
    '*micro* list',
    '`micro list`',
    '_~micro~_ list',
    '/deploy prod',
    ' /deploy',
    '<@UBOT> list',
    'what says <@UBOT2|micro> to that?',
    '<@U7> ask <@U8>, not <@UBOT>',
    '<@<@UBOT>',
  ])('%j in a channel', (text) => expect(said(text)).toBe(true));

  it.each([
    '',
    'microscope list',
    'micro-services are hard',
    'micro2 list',
    'microé',
    'micro\u{10400}',
    'ask micro',
    'mic',
    '@',
    '@ micro',
    'a/b',
    '<@U7> list',
    '<@UBOTX> list',
    '<@UBO',
    '<@',
    '&lt;@UBOT&gt; list',
    'UBOT list',
    '<#UBOT>',
    '<!channel> deploy now',
    undefined,
    null,
    7,
    ['micro list'],
    { toString: () => 'micro list' },
  ])('not %j in a channel', (text) => expect(said(text)).toBe(false));

  it('is everything said to the bot alone', () => {
    expect(isWanted(message({ text: 'list', channel: 'D1', channel_type: 'im' }), names)).toBe(true);
    expect(isWanted(message({ text: 'list', channel: 'D1', channel_type: undefined }), names)).toBe(true);
    expect(isWanted(message({ text: 'list', channel: 'G1', channel_type: 'mpim' }), names)).toBe(false);
    expect(isWanted(message({ text: 'list', channel_type: 'im', bot_id: 'B1' }), names)).toBe(false);
    expect(isWanted(message({ text: 'list', thread_ts: '1.4' }), names)).toBe(false);
    expect(isWanted(message({ thread_ts: '1.4' }), names)).toBe(true);
  });

  it('is a mention, also of a user that is not known as ours yet, and an opened home', () => {
    expect(isWanted(message({ type: 'app_mention', text: '<@UNEW> list' }), names)).toBe(true);
    expect(isWanted(message({ type: 'app_home_opened', tab: 'home' }), names)).toBe(true);
    expect(isWanted(message({ type: 'app_home_opened', user: undefined }), names)).toBe(false);
  });

  it.each([undefined, null, 'file_share', 'thread_broadcast', 'me_message'])('has the subtype %j', (subtype) =>
    expect(isWanted(message({ subtype }), names)).toBe(true));

  it.each([
    'message_changed',
    'message_deleted',
    'message_replied',
    'channel_join',
    'bot_message',
    'channel_topic',
    '',
    7,
    {},
  ])('has not the subtype %j', (subtype) => expect(isWanted(message({ subtype }), names)).toBe(false));

  it.each([
    { bot_id: 'B1' },
    { app_id: 'A1' },
    { bot_profile: { id: 'B1' } },
    { user: 'UBOT' },
    { user: 'UBOT2' },
    { user: 'USLACKBOT' },
    { user: '' },
    { user: undefined },
    { user: { id: 'U1' } },
    { hidden: true },
    { edited: { user: 'U1', ts: '2.5' } },
    { type: 'reaction_added' },
    { type: undefined },
  ])('is not by a person, or not new: %j', (event) => {
    expect(isWanted(message(event), names)).toBe(false);
    expect(isWanted(message({ type: 'app_mention', ...event }), names)).toBe(false);
  });

  it('takes empty fields for absent ones', () =>
    expect(isWanted(message({ bot_id: null, app_id: '', bot_profile: null, edited: null, hidden: false }), names)).toBe(
      true,
    ));

  it.each([
    {},
    { type: 'event_callback' },
    { type: 'event_callback', event: null },
    { type: 'event_callback', event: 'message' },
    { type: 'event_callback', event: [] },
    { type: 'app_rate_limited', minute_rate_limited: 1 },
    { ...message({}), type: 'url_verification' },
    { ...message({}), type: undefined },
  ])('is in no body like %j', (body) => expect(isWanted(body, names)).toBe(false));

  it('reads the longest text in no time', () => {
    for (const text of ['<@'.repeat(20_000), ' '.repeat(40_000), `<@${'U'.repeat(40_000)}`, '<@U1'.repeat(10_000)])
      expect(said(text)).toBe(false);
    expect(said(`${'<@U1> '.repeat(6000)}<@UBOT>`)).toBe(true);
  });
});
