import { expect, it } from 'vitest';
import { type TestBot, testBot } from '../../src/testing/bot.ts';
import { command } from '../support/bot.ts';

const access = `people: { ann: [test:ann, "xmpp:ann@example.org"], ben: { ids: test:ben, name: Ben B }, root: test:root }
groups: { ops: [ann, ben], staff: [ops, "slack:T1/*"] }
roles: { release: ops, admin: root, idle: "*" }
rooms: { "test:lobby": { commands: [help, access] }, "*": { commands: "*" } }
rules:
  - { command: deploy, people: staff }
  - command: deploy
    with: { env: [prod, ""], canary: false }
    roles: release
    rooms: ["#ops", direct]
    times: mon-fri 09:00-17:00 Europe/Berlin
    confirm: true
    approvals: 2
    because: customers are there
  - { command: "db *", effect: change, people: ann, grant: true }
  - { command: [deploy, ship], roles: idle, deny: true, because: not today }
freezes:
  - { from: 2026-11-20T00:00:00Z, to: 2026-11-22T00:00:00Z, commands: deploy, except: { roles: release, people: ann }, because: sale }
  - { times: "fri 15:00-24:00 Europe/Berlin" }
break_glass: { people: ops, roles: admin, for: 30m, announce: "slack #ops" }
`;

const open = (): Promise<TestBot> =>
  testBot({ access, now: '2026-11-21T09:00:00Z', commands: [command('deploy', () => '', { aliases: ['roll out'] })] });

const lineWith = (text: string, part: string): string => text.split('\n').find((line) => line.includes(part)) ?? '';

it('access rules shows them in the order in which they count, with all that they say', async () => {
  await using bot = await open();
  const { text } = await bot.say('access rules', { as: 'root' });
  const places = ['Freezes:', 'What may run in a room at all:', 'Rules:', 'denies', 'needs', 'grants', 'Where no rule'];
  const found = places.map((each) => text.indexOf(each));
  expect(found).toEqual(found.toSorted((one, other) => one - other));
  expect(found).not.toContain(-1);
  for (const [of, parts] of [
    ['4 (line', ['denies', 'deploy, ship', 'idle', 'not today']],
    ['2 (line 7)', ['env=prod or ""', 'canary=false', 'release', '#ops, direct', 'mon-fri 09:00-17:00 Europe/Berlin']],
    ['2 (line 7)', ['a confirmation, approvals: 2', 'customers are there']],
    ['1 (line 6)', ['needs', 'deploy', 'staff']],
    ['3 (line', ['grants', 'db *', 'what is a change', 'ann']],
    ['2026-11-20T00:00:00Z', ['on', 'to 2026-11-22T00:00:00Z', 'deploy', 'release', 'ann', 'sale']],
    ['fri 15:00-24:00', ['off', '*']],
    ['test:lobby', ['help, access']],
  ] as const) {
    for (const part of parts) expect(lineWith(text, of), text).toContain(part);
  }
  expect(text).toContain('reading is allowed, changing is refused');
});

it('access rules of a command shows those alone, under any of its names', async () => {
  await using bot = await open();
  for (const line of ['access rules deploy', 'access rules Roll  Out']) {
    const { text } = await bot.say(line, { as: 'root' });
    expect(text).toMatch(/denies[^]*needs/);
    expect(text).not.toMatch(/db \*/);
    expect(text).toContain('Rooms: *');
  }
  expect((await bot.say('access rules time', { as: 'root' })).text).toMatch(/no rule is about time|Freezes/);
});

it('access roles and access person tell who holds what, and what asks for it', async () => {
  await using bot = await open();
  const roles = (await bot.say('access roles', { as: 'root' })).text;
  expect(lineWith(roles, 'release')).toMatch(/release\s+ops\s+ann, ben\s+rule 2 \(line 7\), freeze 1 \(line/);
  expect(lineWith(roles, 'idle')).toContain('whoever the network vouches for');
  expect(lineWith(roles, 'staff')).toMatch(/staff\s+ops, slack:T1\/\*\s+ann, ben, slack:T1\/\*/);
  expect(lineWith(roles, 'slack #ops')).toMatch(/ops\s+admin\s+30m/);
  const ann = (await bot.say('access person ANN', { as: 'root' })).text;
  expect(ann).toMatch(/Accounts:?\s+test:ann, xmpp:ann@example.org/);
  expect(ann).toMatch(/Groups:?\s+ops, staff/);
  expect(ann).toMatch(/Roles:?\s+release, idle/);
  expect(ann).toMatch(/Not held up by:?\s+freeze 1/);
  expect(ann).toMatch(/Rules that name them[^]*db \*/);
  expect((await bot.say('access person slack:T1/U9', { as: 'root' })).text).toMatch(/Groups:?\s+staff/);
  expect((await bot.say('access person nobody', { as: 'root' })).text).toContain('there is no person nobody');
  expect((await bot.say('access person', { as: 'root' })).text).toContain('who? access person ann');
  expect((await bot.say('access freezes', { as: 'root' })).text).toMatch(/1 \(line \d+\)\s+on/);
  expect((await bot.say('access everything', { as: 'root' })).text).toContain('rules, roles, person, freezes');
});

it('the rules are for those alone who look after the bot; access tells others what it did', async () => {
  await using bot = await open();
  for (const line of ['access rules', 'access rules deploy', 'access roles', 'access person ben', 'access freezes']) {
    const { text } = await bot.say(line, { as: 'ann' });
    expect(text).toContain('the rules are for those who hold admin');
    expect(text).not.toMatch(/customers|line \d/);
  }
  expect((await bot.say('access', { as: 'ann' })).text).toContain('people 3, groups 2, roles 3, rules 4, freezes 2');
  expect((await bot.say('access rules | grep prod | count', { as: 'root' })).outcome).toBe('done');
});

it('with no rules at all it says what is done then', async () => {
  await using bot = await testBot({ access: 'people: { root: test:root }\nroles: { admin: root }\n' });
  expect((await bot.say('access rules', { as: 'root' })).text).toMatch(/^there are no rules[^]*changing is refused/);
  expect((await bot.say('access freezes', { as: 'root' })).text).toBe('there are no freezes');
});
