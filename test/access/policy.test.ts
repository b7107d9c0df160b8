import { expect, test } from 'vitest';
import { AccessError } from '../../src/access/error.ts';
import { readPolicy } from '../../src/access/read.ts';

const mistakesOf = (text: string): string => {
  try {
    readPolicy(text);
  } catch (error) {
    expect(error).toBeInstanceOf(AccessError);
    return error instanceof AccessError ? error.message : '';
  }
  return 'none';
};

test('YAML and JSON are read alike', () => {
  const yaml = readPolicy(
    'people:\n  ann: [slack:T1/U1, xmpp:Ann@Example.org]\n  ben: {ids: console:ben, name: Ben B.}\n',
  );
  const json = readPolicy(
    '{"people": {"ann": ["slack:t1/u1", "xmpp:ann@example.org"], "ben": {"ids": ["console:ben"], "name": "Ben B."}}}',
  );
  expect([...yaml.people]).toEqual([...json.people]);
  expect(yaml.people.get('ann')?.ids).toEqual(['slack:T1/U1', 'xmpp:ann@example.org']);
  expect(yaml.people.get('ben')?.name).toBe('Ben B.');
});

test('every mistake is told at once, each with its line', () => {
  const told = mistakesOf(`people:
  ann: slack:T1/U1
  ben: [slack:t1/u1, nonsense]
groups:
  ops: [ann, bob]
  a: [b]
  b: [a]
  ann: [ben]
rooms:
  "#ops": { commands: help }
rules:
  - { command: deploy, people: [ops, nobody-there] }
  - { command: help }
  - { command: x, grant: true }
  - { command: y, deny: true, approvals: 2 }
freezes:
  - { because: none }
break_glass: { roles: admin, for: 30m, announce: "#ops", people: ann }
`);
  expect(told.split('\n')).toEqual([
    'line 3: people.ben.ids.0: slack:t1/u1 is ann already',
    'line 3: people.ben.ids.1: nonsense is no account: write it as slack:T1/U1 or xmpp:ann@example.org',
    'line 5: groups.ops.1: there is no person and no group bob',
    'line 7: groups.b: holds itself: b > a > b',
    'line 8: groups.ann: ann is a person, too',
    `line 10: rooms.#ops: a name can be changed: use the room's id, or say with "*" what may run in other rooms`,
    'line 12: rules.0.people.1: there is no person and no group nobody-there',
    'line 13: rules.1: asks for nothing: say people, roles, rooms, times, confirm, approvals, grant or deny',
    'line 14: rules.2: grants something to nobody: say which people or roles',
    'line 15: rules.3: confirm and approvals are for rules that neither grant nor deny',
    'line 17: freezes.0: needs from and to, or times',
    'line 18: break_glass.announce.0: #ops is no room to say something in: write slack #ops',
  ]);
});

test.each([
  ['rules:\n  - {command: x, role: [a]}', 'line 2: rules.0.role: is no key that is known here'],
  ['ruls: []', 'line 1: ruls: is no key that is known here'],
  ['rules:\n  - {people: ["*"]}', /line 2: rules\.0\.command/],
  ['defaults: {read: maybe}', /line 1: defaults\.read/],
  ['rules:\n- {command: x, with: {version: 1.10}, people: "*"}', /line 2: rules\.0\.with\.version/],
  ['rules:\n- {command: x, times: monday}', /there is no time zone monday|are no times/],
  ['rules:\n- {command: x, times: "mon 09:00-09:00"}', /09:00-09:00 is no part of a day/],
  ['rules:\n- {command: x, times: "mon 09:00-25:00"}', /is no part of a day/],
  ['rules:\n- {command: x, times: "mon Mars/Olympus"}', /there is no time zone Mars\/Olympus/],
  ['freezes:\n- {from: 2026-12-20T00:00:00, to: 2027-01-03}', /2026-12-20T00:00:00Z/],
  ['freezes:\n- {from: 2027-01-03T00:00:00Z, to: 2026-12-20T00:00:00Z}', 'line 2: freezes.0.to: is before from'],
  ['people: {"an\u200bn": slack:T1/U1}', /cannot be seen/],
  ['people: {ann: "slack:T1/U1\u202e"}', /cannot be seen/],
  ['people: {"ａnn": slack:T1/U1}', /look like others: write ann/],
  ['people: {"a:b": slack:T1/U1}', /has no space/],
  ['people: {ann: "slack:T1/*"}', /more than one account/],
  ['people: {__proto__: slack:T1/U1}', 'line 1: __proto__ is no name'],
  ['rooms: {"ops": {commands: help}}', /ops is no room/],
  ['people: {a: console:a}\npeople: {b: console:b}', 'line 2: people is there twice'],
  ['rules:\n- {command: x, people: "*", approvals: -1}', /line 2: rules\.0\.approvals/],
  ['rules:\n- {command: x, deny: false, people: "*"}', /is true, or left out/],
  ['people: !!js/function x', /Unresolved tag/],
  ['a: 1\n---\nb: 2', /multiple documents/],
  ['', 'the file is empty'],
  ['# nothing\n', 'the file is empty'],
  ['[]', /expected object/],
])('%j is refused', (text, told) => {
  const mistakes = mistakesOf(text);
  if (typeof told === 'string') expect(mistakes).toBe(told);
  else expect(mistakes).toMatch(told);
});

test('names that every object has are names like others', () => {
  const policy = readPolicy(
    'people: {constructor: console:a, toString: console:b}\nroles: {hasOwnProperty: [constructor]}',
  );
  expect([...policy.people.keys()]).toEqual(['constructor', 'toString']);
  expect(policy.roles.get('hasOwnProperty')?.people).toEqual(new Set(['constructor']));
  expect(policy.people.get('valueOf')).toBeUndefined();
  expect(mistakesOf('roles: {r: [valueOf]}')).toMatch(/no person and no group valueOf/);
});

test('files that are made to be expensive are refused soon', () => {
  const layers = Array.from({ length: 9 }, (_, index) => index);
  const bomb = layers
    .map(
      (index) =>
        `x${index}: &x${index} [${Array(10)
          .fill(index === 0 ? 'lol' : `*x${index - 1}`)
          .join(',')}]`,
    )
    .join('\n');
  expect(mistakesOf(bomb)).toMatch(/alias/);
  expect(mistakesOf('[['.repeat(400_000))).toMatch(/deeper than 32/);
  expect(mistakesOf('- '.repeat(1_000))).toMatch(/deeper than 32/);
  expect(mistakesOf(`people:\n${'#'.repeat(1_100_000)}`)).toMatch(/at most 1048576/);
  expect(mistakesOf(Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n'))).toMatch(/and \d+ more/);
  expect(mistakesOf('groups: {a: &a [*a]}')).not.toBe('none');
  const stars = readPolicy(`rules: [{command: "${'*a'.repeat(100)}", people: "*"}]`);
  expect(stars.rules[0]?.commands[0]?.fits('a'.repeat(100_000))).toBe(true);
  expect(stars.rules[0]?.commands[0]?.fits(`${'a'.repeat(100_000)}b`)).toBe(false);
});
