import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runForm } from '../../../../src/inputs/slack/read/submission.ts';
import {
  event,
  message,
  messageShortcut,
  type Payload,
  press,
  said,
  see,
  shortcut,
  slash,
  submission,
} from './payloads.ts';

describe('a slash command', () => {
  test('of our own says what follows it', () => {
    expect(see('slash_commands', slash())).toEqual({
      kind: 'said',
      keys: ['slash:13.37.abc'],
      incoming: {
        keys: ['slash:13.37.abc'],
        team: 'T1',
        channel: 'C1',
        sender: 'T1/U1',
        user: 'U1',
        text: 'list services',
        direct: false,
        addressed: true,
        thread: undefined,
        ts: undefined,
        responseUrl: 'https://hooks.slack.com/commands/T1/1/x',
        trigger: '13.37.abc',
      },
    });
  });

  test.each<[string, Payload, string]>([
    ['alone says nothing', { text: '' }, ''],
    ['in other letters is ours too', { command: '/Micro' }, 'list services'],
    ['of a service says its name', { command: '/deploy', text: 'prod  now' }, '/deploy prod  now'],
    ['of a service, alone', { command: '/deploy', text: undefined }, '/deploy'],
    ['that only begins like ours is of a service', { command: '/micro-staging', text: 'x' }, '/micro-staging x'],
    [
      'has its text made plain',
      { text: 'call a b {“url”:“<https://x.example|x>”} &amp; `c`' },
      'call a b {“url”:“https://x.example”} & `c`',
    ],
    ['with people in it', { text: 'page <@U2|anna> in <#C2|ops>' }, 'page @U2 in #ops'],
    ['with marks that are meant', { text: '*foo*' }, '*foo*'],
    ['over lines', { text: 'call a b\n{\n"a": 1}' }, 'call a b\n{\n"a": 1}'],
  ])('%s', (_, more, text) => {
    expect(said('slash_commands', slash(more))).toMatchObject({ text, addressed: true });
  });

  test('in a whole organization belongs to the organization, its person to their workspace', () => {
    const more = { enterprise_id: 'E1', is_enterprise_install: 'true' };
    expect(said('slash_commands', slash(more))).toMatchObject({ team: 'E1', sender: 'T1/U1' });
  });

  test('of two people who talk to each other is not direct: the bot is not there', () => {
    expect(said('slash_commands', slash({ channel_id: 'D7', channel_name: 'directmessage' }))).toMatchObject({
      direct: false,
    });
  });

  test.each(['command', 'team_id', 'channel_id', 'user_id', 'trigger_id'])('is not read without %s', (field) => {
    expect(see('slash_commands', slash({ [field]: undefined }))).toBeUndefined();
    expect(see('slash_commands', slash({ [field]: ['x'] }))).toBeUndefined();
  });
});

describe('a button', () => {
  test('says its value, and is answered where it stands', () => {
    expect(see('interactive', press({ action_id: 'micro:run:3', value: 'health greeter' }))).toEqual({
      kind: 'said',
      keys: ['action:13.37.abc'],
      incoming: {
        keys: ['action:13.37.abc'],
        team: 'T1',
        channel: 'C1',
        sender: 'T1/U1',
        user: 'U1',
        text: 'health greeter',
        direct: false,
        addressed: true,
        thread: undefined,
        ts: undefined,
        responseUrl: 'https://hooks.slack.com/actions/T1/1/x',
        trigger: '13.37.abc',
      },
    });
  });

  test('says its value exactly: it is no markup', () => {
    const value = 'say “<b>” &amp; *x* `y`\u00a0';
    expect(said('interactive', press({ action_id: 'micro:run:0', value }))).toMatchObject({ text: value });
  });

  test.each<[string, Payload]>([
    ['a message in a thread', { message: { ts: '2', thread_ts: '1' } }],
    [
      'a message for one person alone',
      { message: undefined, container: { type: 'message', channel_id: 'C1', thread_ts: '1', is_ephemeral: true } },
    ],
  ])('is answered in the thread of %s', (_, more) => {
    expect(said('interactive', press({ action_id: 'micro:run:0', value: 'x' }, more))).toMatchObject({
      thread: '1',
      channel: 'C1',
    });
  });

  test('in the home is answered in our conversation with the person', () => {
    const home = {
      container: { type: 'view', view_id: 'V1' },
      channel: undefined,
      message: undefined,
      response_url: undefined,
      view: { id: 'V1', type: 'home' },
    };
    expect(said('interactive', press({ action_id: 'micro:run:0', value: 'x' }, home))).toMatchObject({
      channel: 'U1',
      direct: true,
      thread: undefined,
      responseUrl: undefined,
    });
  });

  test('in a direct conversation is direct', () => {
    expect(
      said('interactive', press({ action_id: 'micro:run:0', value: 'x' }, { channel: { id: 'D1' } })),
    ).toMatchObject({ direct: true });
  });

  test('that stops names what', () => {
    expect(see('interactive', press({ action_id: 'micro:stop', value: 'event:Ev1' }))).toEqual({
      kind: 'stop',
      keys: ['action:13.37.abc'],
      what: 'event:Ev1',
      user: 'U1',
    });
  });

  test.each<[string, Payload, Payload]>([
    ['of somebody else', { action_id: 'approve', value: 'x' }, {}],
    ['whose id only begins like ours', { action_id: 'micro:stop:1', value: 'x' }, {}],
    ['without a value', { action_id: 'micro:run:0' }, {}],
    ['with a value that is no text', { action_id: 'micro:run:0', value: { a: 1 } }, {}],
    ['that nobody pressed', { action_id: 'micro:run:0', value: 'x' }, { user: {} }],
    ['of no workspace', { action_id: 'micro:run:0', value: 'x' }, { team: null }],
    ['without a trigger', { action_id: 'micro:run:0', value: 'x' }, { trigger_id: '' }],
    ['without actions', {}, { actions: null }],
  ])('is not read: %s', (_, action, more) => {
    expect(see('interactive', press(action, more))).toBeUndefined();
  });
});

describe('who pressed', () => {
  test.each<[string, Payload, string, string]>([
    ['of another company', { user: { id: 'U9', team_id: 'T9' } }, 'T1', 'T9/U9'],
    ['whose workspace is not told', { user: { id: 'U1' } }, 'T1', 'T1/U1'],
    [
      'of an organization',
      { team: null, enterprise: { id: 'E1' }, is_enterprise_install: true, user: { id: 'W1', team_id: 'T3' } },
      'E1',
      'T3/W1',
    ],
    ['of a workspace of an organization', { enterprise: { id: 'E1' }, is_enterprise_install: true }, 'E1', 'T1/U1'],
  ])('a person %s', (_, more, team, sender) => {
    expect(said('interactive', press({ action_id: 'micro:run:0', value: 'x' }, more))).toMatchObject({ team, sender });
  });
});

describe('shortcuts', () => {
  test('one asks for a form', () => {
    expect(see('interactive', shortcut())).toEqual({
      kind: 'form',
      keys: ['action:13.37.abc'],
      team: 'T1',
      user: 'U1',
      trigger: '13.37.abc',
      line: '',
    });
  });

  test('one puts what a message says into the form: it may be the words of somebody else', () => {
    expect(see('interactive', messageShortcut())).toEqual({
      kind: 'form',
      keys: ['action:13.37.abc'],
      team: 'T1',
      user: 'U1',
      trigger: '13.37.abc',
      line: 'micro get go.micro.sh',
    });
  });

  test('a call of the bot in that message is taken off', () => {
    const message = { ts: '2', thread_ts: '1', text: '<@UBOT>: help' };
    expect(see('interactive', messageShortcut({ message }))).toMatchObject({ kind: 'form', line: 'help' });
  });

  test.each([
    shortcut({ callback_id: 'other' }),
    messageShortcut({ callback_id: 'micro:run' }),
    messageShortcut({ channel: null }),
  ])('of somebody else, or not whole, are not read', (body) => {
    expect(see('interactive', body)).toBeUndefined();
  });
});

describe('a form', () => {
  test('says its line, in our conversation with the person', () => {
    expect(said('interactive', submission(' list services\n'))).toMatchObject({
      keys: ['action:13.37.abc', 'view:V1'],
      channel: 'U1',
      text: 'list services',
      direct: true,
      responseUrl: undefined,
    });
  });

  test('is answered in the channel that was chosen', () => {
    const response_urls = [
      {
        block_id: 'micro:channel',
        action_id: 'micro:channel',
        channel_id: 'C5',
        response_url: 'https://hooks.slack.com/app/T1/5/x',
      },
    ];
    expect(said('interactive', submission('help', { response_urls }))).toMatchObject({
      channel: 'C5',
      direct: false,
      responseUrl: 'https://hooks.slack.com/app/T1/5/x',
    });
  });

  test.each([undefined, null, 7, ''])('without a line says nothing: %j', (line) => {
    expect(said('interactive', submission(line))).toMatchObject({ text: '' });
  });

  test('has a place for each thing that is read of it', () => {
    const form = JSON.stringify(runForm('list services'));
    for (const part of [
      '"micro:run"',
      '"micro:line"',
      '"response_url_enabled":true',
      '"initial_value":"list services"',
    ]) {
      expect(form).toContain(part);
    }
    expect(JSON.stringify(runForm(''))).not.toContain('initial_value');
  });

  test.each([
    submission('x', { view: null }),
    submission('x', { view: { id: 'V1', callback_id: 'other' } }),
    submission('x', { type: 'view_closed' }),
  ])('of somebody else, or closed, is not read', (body) => {
    expect(see('interactive', body)).toBeUndefined();
  });
});

test('whatever stands where something else is documented, nothing is thrown', () => {
  const bodies = [
    event(message()),
    slash(),
    press({ action_id: 'micro:run:0', value: 'x' }),
    shortcut(),
    messageShortcut(),
    submission('x'),
  ];
  const change = fc.record({ body: fc.constantFrom(...bodies), at: fc.nat(), deep: fc.nat(), value: fc.anything() });
  fc.assert(
    fc.property(
      change,
      fc.constantFrom('events_api', 'slash_commands', 'interactive'),
      ({ body, at, deep, value }, kind) => {
        const keys = Object.keys(body);
        const key = keys[at % keys.length] ?? '';
        const inner = body[key];
        const names = typeof inner === 'object' && inner !== null ? Object.keys(inner) : [];
        const name = names[deep % Math.max(1, names.length)];
        const changed = name === undefined ? value : { ...(inner as Payload), [name]: value };
        const seen = see(kind, { ...body, [key]: changed });
        expect([undefined, 'said', 'stop', 'home', 'form']).toContain(seen?.kind);
      },
    ),
    { numRuns: 1_000 },
  );
});
