import { expect, test } from 'vitest';
import { accessBy, inWords, parameters, question } from './ask.ts';

const people = 'people: {ann: slack:T1/U1, ben: slack:T1/U2}\n';

test('a rule for everything that names who may use the bot opens nothing', async () => {
  await using access = await accessBy(
    `${people}rules: [{command: "*", people: [ann, ben]}, {command: [deploy, "*"], people: ann}]`,
  );
  expect(access.ask('slack:T1/U1', { commands: ['wipe'] })).toBe(
    'no: no rule opens wipe, and what changes something is refused by default',
  );
  expect(access.ask('slack:T1/U1')).toBe('yes: open by rule 2 (line 2)');
  expect(access.ask('slack:T1/U2')).toBe('no: deploy wants one of ann (rule 2 (line 2))');
  expect(access.ask('slack:T9/U9', { commands: ['help'], effect: 'read' })).toMatch(/^no: help wants one of ann, ben/);
});

test('a grant asks nothing of others, and does not take away what another rule wants', async () => {
  await using access = await accessBy(
    `${people}rules: [{command: "*", people: ann, grant: true}, {command: deploy, people: ben}]`,
  );
  expect(access.ask('slack:T1/U1', { commands: ['wipe'] })).toBe('yes: open by rule 1 (line 2)');
  expect(access.ask('slack:T1/U1')).toMatch(/^no: deploy wants one of ben/);
  expect(access.ask('slack:T1/U2')).toMatch(/^yes: open by rule 2/);
  expect(access.ask('slack:T9/U9', { commands: ['help'], effect: 'read' })).toMatch(/^yes/);
});

test('a rule about who may change something leaves reading alone', async () => {
  await using access = await accessBy(`${people}rules: [{command: "*", effect: change, people: ann}]`);
  expect(access.ask('slack:T1/U2', { commands: ['help'], effect: 'read' })).toMatch(/^yes/);
  expect(access.ask('slack:T1/U2')).toMatch(/^no: deploy wants one of ann/);
});

test('what amounts to other commands is restricted as they are, and opened by none of them alone', async () => {
  await using access = await accessBy(
    `${people}rules: [{command: deploy, people: ann}, {command: call, people: [ann, ben]}, {command: restart, people: ann}]`,
  );
  expect(access.ask('slack:T1/U1', { commands: ['call', 'deploy'] })).toMatch(/^yes/);
  expect(access.ask('slack:T1/U2', { commands: ['call', 'deploy'] })).toMatch(/^no: call wants one of ann/);
  expect(access.ask('slack:T1/U2', { commands: ['call', 'wipe'] })).toMatch(/^no: no rule opens wipe/);
  expect(access.ask('slack:T1/U1', { commands: ['query', 'restart'] })).toMatch(/^no: no rule opens query/);
});

test('an absent parameter is taken for whatever a rule is about, and opens nothing', async () => {
  await using access = await accessBy(`${people}rules:
  - {command: scale, with: {replicas: 0}, deny: true}
  - {command: scale, with: {env: [dev, test*]}, people: ann, grant: true}
  - {command: "*", with: {env: prod}, people: ben}
  - {command: tag, with: {env: ["", dev]}, people: ann, grant: true}
`);
  const scale = (values: Parameters<typeof parameters>[0]): string =>
    access.ask('slack:T1/U1', { commands: ['scale'], parameters: parameters(values) });
  expect(scale({ replicas: '3', env: 'dev' })).toMatch(/^yes: open by rule 2/);
  expect(scale({ replicas: '3', env: ['dev', 'test7'] })).toMatch(/^yes/);
  expect(scale({ replicas: '3', env: ['dev', 'stage'] })).toMatch(/^no: no rule opens scale/);
  for (const zero of ['0', '00', '0.0', '-0', '0x0', '0e5'])
    expect(scale({ replicas: zero, env: 'dev' })).toMatch(/rule 1/);
  expect(scale({ env: 'dev' })).toMatch(/rule 1/);
  expect(scale({ replicas: '3' })).toMatch(/^no: scale wants one of ben \(rule 3/);
  const read = access.ask('slack:T1/U1', { commands: ['help'], effect: 'read' });
  expect(read).toMatch(/^yes/);
  expect(access.ask('slack:T1/U1', { commands: ['tag'], parameters: parameters({ env: 'dev' }) })).toMatch(/^yes/);
});

test('a freeze holds changes up for whom it does not leave out', async () => {
  let now = Date.parse('2026-12-24T12:00:00Z');
  await using access = await accessBy(
    `${people}roles: {oncall: ben}
rules: [{command: deploy, people: [ann, ben]}]
freezes:
  - {from: 2026-12-20T00:00:00Z, to: 2027-01-03T00:00:00Z, commands: [deploy], except: {roles: oncall}, because: year end}
  - {times: "fri 15:00-24:00 Europe/Berlin"}
`,
    { now: () => now },
  );
  expect(access.ask('slack:T1/U1')).toBe('no: no changes at the moment: year end (freeze 1 (line 5))');
  expect(access.ask('slack:T1/U2')).toMatch(/^yes/);
  expect(access.ask('slack:T1/U1', { effect: 'read' })).toMatch(/^yes/);
  now = Date.parse('2027-01-03T00:00:00Z');
  expect(access.ask('slack:T1/U1')).toMatch(/^yes/);
  now = Date.parse('2027-01-08T14:00:00Z');
  expect(access.ask('slack:T1/U2')).toMatch(/^no: no changes at the moment: a change freeze \(freeze 2/);
});

test('confirmations and approvals are raised, never lowered, and an emergency needs none', async () => {
  let isEmergency = false;
  const elevation = { roles: ['release'], reason: 'down', since: 0, until: 4e12 };
  await using access = await accessBy(
    `${people}roles: {release: [ann, ben]}
rules: [{command: deploy, roles: release, confirm: true, approvals: 2}, {command: tell, people: ann, approvals: 0, confirm: false}]`,
    { elevations: { of: () => (isEmergency ? elevation : undefined) } },
  );
  const of = (commands: readonly string[], more = {}): unknown => {
    const decision = access.decide(question('slack:T1/U1', { commands, ...more }));
    return decision.isAllowed ? [decision.confirm, decision.approvals, decision.scopes] : inWords(decision);
  };
  expect(of(['deploy'])).toEqual([true, 2, ['release']]);
  expect(of(['deploy'], { approvals: 3 })).toEqual([true, 3, ['release']]);
  expect(of(['tell'], { approvals: 1, confirm: true })).toEqual([true, 1, ['approver']]);
  expect(of(['tell'])).toEqual([false, 0, []]);
  isEmergency = true;
  expect(of(['deploy'])).toEqual([true, 0, ['release']]);
});

test('rooms: by id, by name on one network, alone; a person who is called like a room is none', async () => {
  await using access = await accessBy(`${people}rules:
  - {command: a, people: ann, rooms: "#ops"}
  - {command: b, people: ann, rooms: "slack:#ops*"}
  - {command: c, people: ann, rooms: [direct, slack:T1/C9]}
`);
  const ask = (command: string, roomName: string, more = {}): boolean =>
    access.ask('slack:T1/U1', { commands: [command], roomName, ...more }).startsWith('yes');
  expect([
    ask('a', 'ops'),
    ask('a', '#OPS'),
    ask('a', 'ops2'),
    ask('a', ''),
    ask('a', 'ops', { isDirect: true }),
  ]).toEqual([true, true, false, false, false]);
  expect([ask('b', 'ops2'), ask('b', 'xops')]).toEqual([true, false]);
  expect([ask('c', 'x'), ask('c', 'x', { isDirect: true }), ask('c', 'x', { room: 'T1/C9' })]).toEqual([
    false,
    true,
    true,
  ]);
});

test('a room of which only the name is known may be any: what is limited by an id stays limited', async () => {
  await using access = await accessBy(`${people}rooms: {slack:T1/C9: {commands: help}}
rules: [{command: [deploy, tell], people: ann}, {command: tell, rooms: slack:T1/C8, deny: true}]`);
  const ask = (command: string, room: string): boolean =>
    access.ask('slack:T1/U1', { commands: [command], room, roomName: room }).startsWith('yes');
  expect([ask('deploy', 'T1/C1'), ask('deploy', 'T1/C9'), ask('deploy', '#quiet')]).toEqual([true, false, false]);
  expect([ask('tell', 'T1/C1'), ask('tell', 'T1/C8')]).toEqual([true, false]);
});

test('accounts that are like others: a star ends at a slash, and case counts where the network says so', async () => {
  await using access = await accessBy(`groups: {house: ["xmpp:*@example.org", "slack:T1/*", "memory:*"]}
rules: [{command: deploy, people: house}]`);
  const may = (account: string): boolean => access.ask(account).startsWith('yes');
  expect(['xmpp:ann@example.org', 'xmpp:Ann@EXAMPLE.org', 'slack:T1/U5', 'memory:a/b'].map(may)).toEqual(
    Array(4).fill(true),
  );
  const others = [
    'xmpp:room@evil.example/me@example.org',
    'xmpp:ann@example.org/desk',
    'xmpp:ann@example.org.evil.example',
    'slack:T1/U5/x',
    'slack:T12/U5',
    'Slack:T1/U5',
    'hipchat:ann@example.org',
    'memory:x?',
  ];
  expect(others.filter(may)).toEqual([]);
});

test('who sits at the console of the bot may what needs a role or a name, but not what is denied', async () => {
  const text = `${people}rules: [{command: deploy, people: ann, roles: release}, {command: wipe, deny: true}]`;
  await using access = await accessBy(text);
  expect(access.ask('console:root')).toMatch(/^yes/);
  expect(access.ask('console:root', { commands: ['anything'], scopes: ['what-a-service-names'] })).toMatch(/^yes/);
  expect(access.ask('console:root', { commands: ['wipe'] })).toMatch(/^no/);
  expect(access.ask('console:root?')).toMatch(/^no/);
  await using closed = await accessBy(`${text}\nconsole: nobody`);
  expect(closed.ask('console:root')).toMatch(/^no/);
});

test('a deny rule about some people counts for those of whom nobody knows who they are', async () => {
  await using access = await accessBy(`${people}rules: [{command: audit, people: ben, deny: true}]`);
  const may = (account: string): boolean =>
    access.ask(account, { commands: ['audit'], effect: 'read' }).startsWith('yes');
  expect(['slack:T1/U1', 'slack:T1/U2', 'slack:T1/U2?', 'slack:T1/U3?', 'slack:T1/U3'].map(may)).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
});

test('a stranger may only read, and nothing that asks for a name, a word or somebody else’s', async () => {
  await using access = await accessBy(
    `defaults: {change: allow}\nrules: [{command: secrets, people: "*"}, {command: tell, people: "*", grant: true}]`,
  );
  const ask = (account: string, command: string, more = {}): boolean =>
    access.ask(account, { commands: [command], effect: 'read', ...more }).startsWith('yes');
  for (const [account, may] of [
    ['slack:T9/U9', true],
    ['slack:T9/U9?', false],
  ] as const) {
    expect(ask(account, 'help')).toBe(true);
    expect(ask(account, 'secrets')).toBe(may);
    expect(ask(account, 'help', { confirm: true })).toBe(may);
    expect(ask(account, 'help', { approvals: 1 })).toBe(may);
    expect(ask(account, 'wipe', { effect: 'change' })).toBe(may);
    expect(ask(account, 'tell', { effect: 'change' })).toBe(may);
  }
});

test('a decision says how it came about', async () => {
  await using access = await accessBy(
    `${people}groups: {ops: ann}\nroles: {release: ops}\nrules: [{command: deploy, roles: release}]`,
  );
  expect(access.decide(question('slack:T1/U1')).path).toEqual([
    'ann has group ops, role release',
    'deploy changes something',
    'rule 1 (line 4) has what it wants',
    'deploy: open by rule 1 (line 4)',
  ]);
  expect(access.decide(question('slack:T1/U2')).path.at(-1)).toBe('deploy wants the role release (rule 1 (line 4))');
});

test('a draft is allowed when something could be given with which it would be', async () => {
  await using access = await accessBy(
    `${people}rules:
  - { command: deploy, people: [ann, ben] }
  - { command: deploy, with: { env: prod }, people: ben }
  - { command: wipe, with: { env: staging }, people: ann }
  - { command: [deploy, wipe], with: { env: ["", test] }, deny: true }
`,
  );
  const ask = (user: string, command: string, isDraft: boolean) =>
    access.ask(`slack:T1/${user}`, { commands: [command], isDraft }).slice(0, 3);
  expect([ask('U1', 'deploy', true), ask('U1', 'wipe', true), ask('U2', 'wipe', true)]).toEqual(['yes', 'yes', 'no:']);
  expect([ask('U1', 'deploy', false), ask('U1', 'wipe', false)]).toEqual(['no:', 'no:']);
  // What is given is given.
  const prod = { parameters: parameters({ env: 'prod' }), isDraft: true };
  expect([access.ask('slack:T1/U1', prod), access.ask('slack:T1/U2', prod)]).toMatchObject([
    expect.stringMatching(/^no: deploy wants one of ben/),
    expect.stringMatching(/^yes/),
  ]);
});

test('a room of which only the id is known may have any name: what is limited by a name stays limited', async () => {
  await using access = await accessBy(
    `${people}defaults: {change: allow}\nrooms: {"#ops": {commands: look}, "*": {commands: "*"}}\nrules: [{command: wipe, rooms: "slack:#prod", deny: true}]`,
  );
  const nameless = { room: 'T1/C1', roomName: 'C1' };
  expect(access.ask('slack:T1/U1', { commands: ['deploy'], ...nameless })).toBe(
    'no: deploy may not run in this room, or its name is not known yet: try again in a moment',
  );
  expect(access.ask('slack:T1/U1', { commands: ['look'], ...nameless })).toMatch(/^yes/);
  expect(access.ask('slack:T1/U1', { commands: ['deploy'], room: 'T1/C1', roomName: 'random' })).toMatch(/^yes/);
  expect(access.ask('slack:T1/U1', { commands: ['deploy'], ...nameless, isDirect: true })).toMatch(/^yes/);
  const address = 'sea@rooms.example.org';
  expect(access.ask('xmpp:a@example.org', { commands: ['deploy'], room: address, roomName: address })).toMatch(/^yes/);
  expect(access.ask('slack:T1/U1', { commands: ['wipe'], room: 'T1/C1', roomName: 'random' })).toMatch(/^yes/);
  await using other = await accessBy(
    `${people}defaults: {change: allow}\nrules: [{command: wipe, rooms: "slack:#prod", deny: true}]`,
  );
  expect(other.ask('slack:T1/U1', { commands: ['wipe'], ...nameless })).toMatch(/^no: wipe is not allowed/);
});
