import { expect, test } from 'vitest';
import type { Question } from '../../src/access/access.ts';
import { accessBy, parameters, question } from './ask.ts';

/** A Saturday, at noon. */
const now = Date.parse('2026-11-21T12:00:00Z');
const people = 'people: {ann: [slack:T1/U1, xmpp:ann@x.org], ben: slack:T1/U2}\nroles: {release: [ann]}\n';

/** Where and when else who may, asked by ann in a room of Slack that is called lobby. */
async function found(rules: string, more: Partial<Question> = {}): Promise<readonly string[]> {
  await using access = await accessBy(people + rules, { now: () => now });
  const asked = question('slack:T1/U1', { room: 'T1/C0', roomName: 'lobby', ...more });
  expect(access.decide(asked).isAllowed).toBe(false);
  return (await access.elsewhere(asked)).map(({ when, people: who }) => `${when}: ${who.join(', ')}`);
}

test.each([
  ['a room by its name', '{command: deploy, people: [ann, ben], rooms: "#ops"}', ['in #ops: ann, ben']],
  [
    'each of several',
    '{command: deploy, people: ann, rooms: [slack:T1/C1, "slack:#op*"]}',
    ['in slack:T1/C1: ann', 'in slack:#op*: ann'],
  ],
  [
    'rooms of two rules',
    '{command: deploy, people: ann, rooms: slack:T1/*}, {command: deploy, people: ann, rooms: "slack:T1/C1"}',
    ['in slack:T1/C1: ann'],
  ],
  ['a conversation', '{command: deploy, people: ben, rooms: direct}', ['in a conversation with the bot alone: ben']],
  [
    'a network on which only some are',
    '{command: deploy, people: [ann, ben], rooms: xmpp:ops@x.org}',
    ['in xmpp:ops@x.org: ann'],
  ],
  ['a grant', '{command: deploy, roles: release, rooms: "#ops", grant: true}', ['in #ops: ann']],
  [
    'any room but this',
    '{command: deploy, people: ann}, {command: deploy, rooms: "#lobby", deny: true}',
    ['in other rooms: ann'],
  ],
  [
    'a time',
    '{command: deploy, people: ann, times: mon-fri 09:00-17:00 Europe/Berlin}',
    ['mon-fri 09:00-17:00 Europe/Berlin: ann'],
  ],
  [
    'a time that is denied now',
    '{command: deploy, people: ann}, {command: deploy, times: sat, deny: true}',
    ['from 2026-11-22 00:00:00 UTC on: ann'],
  ],
  [
    'a room, and a time there',
    '{command: deploy, people: ann, rooms: "#ops", times: mon 09:00-10:00}',
    ['in #ops, mon 09:00-10:00: ann'],
  ],
  ['nothing, where nobody may anywhere', '{command: deploy, people: ann}, {command: deploy, deny: true}', []],
  ['nothing, for other values', '{command: deploy, people: ann, with: {env: dev}, rooms: "#ops"}', []],
])('names %s', async (_, rules, expected) => {
  expect(await found(`rules: [${rules}]`, { parameters: parameters({ env: 'prod' }) })).toEqual(expected);
});

test('is found at once in a large house, too', async () => {
  const many = Array.from({ length: 3_000 }, (_, index) => `p${index}: slack:T2/U${index}`).join(', ');
  const rooms = Array.from({ length: 30 }, (_, index) => `"#r${index}"`).join(', ');
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sun'].map((day) => `${day} 09:00-10:00`).join(', ');
  const rules = (who: string): string =>
    `people: {${many}}\nrules: [{command: deploy, roles: release, rooms: [${rooms}], times: [${days}]}]\nroles: {release: [${who}]}\n`;
  for (const [who, expected] of [
    ['p7, p2000', 'in #r0, mon 09:00-10:00: p7, p2000'],
    ['other:x', undefined],
  ] as const) {
    await using access = await accessBy(rules(who), { now: () => now });
    const [first] = await access.elsewhere(question('slack:T1/U1', { room: 'T1/C0', roomName: 'lobby' }));
    expect(first && `${first.when}: ${first.people.join(', ')}`).toBe(expected);
  }
});

test('names rooms with a limit of their own, and the others', async () => {
  const open = 'defaults: {change: allow}\n';
  const limit = `${open}rooms: {slack:T1/C0: {commands: help}, slack:T1/C1: {commands: [help, deploy]}, "*": {commands: "*"}}`;
  expect(await found(limit)).toEqual(['in slack:T1/C1: ann, ben', 'in other rooms: ann, ben']);
  expect(await found(`${open}rooms: {"*": {commands: help}, direct: {commands: "*"}}`)).toEqual([
    'in a conversation with the bot alone: ann, ben',
  ]);
});

test('names the end of a freeze, and what comes behind it', async () => {
  const freeze = 'freezes: [{from: 2026-11-01T00:00:00Z, to: 2026-12-01T06:00:00Z}]\n';
  expect(await found(`rules: [{command: deploy, people: ann}]\n${freeze}`)).toEqual([
    'from 2026-12-01 06:00:00 UTC on: ann',
  ]);
  expect(await found(`rules: [{command: deploy, people: ann, times: fri, rooms: "#ops"}]\n${freeze}`)).toEqual([
    'in #ops, fri from 2026-12-01 06:00:00 UTC on: ann',
  ]);
  const weekly = 'freezes: [{times: [sat 09:00-13:00 UTC, sat 12:30-15:00 UTC]}]\n';
  expect(await found(`rules: [{command: deploy, people: ann}]\n${weekly}`)).toEqual(['from 15:00:00 UTC on: ann']);
});

test('never ends with a freeze for ever, nor in a file with a thousand rooms and people', async () => {
  expect(await found('rules: [{command: deploy, people: ann}]\nfreezes: [{times: daily}]')).toEqual([]);
  const rooms = Array.from({ length: 1_000 }, (_, index) => `slack:T1/X${index}`).join(', ');
  const many = Array.from({ length: 1_000 }, (_, index) => `p${index}: slack:T1/P${index}`).join(', ');
  await using access = await accessBy(
    `people: {${many}}\ngroups: {all: [p1, p2]}\nrules: [{command: deploy, people: p999, rooms: [${rooms}]}]`,
  );
  const others = await access.elsewhere(question('slack:T1/P1'));
  expect(others).toHaveLength(10);
  expect(others[0]).toEqual({ when: 'in slack:T1/X0', people: ['p999'] });
});

test('decides as it would be decided there', async () => {
  await using access = await accessBy(
    `${people}rules: [{command: deploy, people: [ann, ben], rooms: ["#ops", direct], times: sat}]`,
    { now: () => now },
  );
  for (const [roomName, isDirect, isAllowed] of [
    ['ops', false, true],
    ['lobby', false, false],
    ['ann', true, true],
  ] as const) {
    const asked = question('slack:T1/U1', { roomName, isDirect });
    expect(access.decide(asked).isAllowed).toBe(isAllowed);
    if (!isAllowed) {
      expect((await access.elsewhere(asked)).map(({ when }) => when)).toEqual([
        'in #ops',
        'in a conversation with the bot alone',
      ]);
    }
  }
});
