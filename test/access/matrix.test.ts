import { expect, test } from 'vitest';
import type { Question } from '../../src/access/access.ts';
import { memoryState } from '../../src/state/memory.ts';
import { accessBy, parameters, question, who } from './ask.ts';

const text = `
people:
  ann: [slack:T1/U1, xmpp:ann@example.org]
  cal: slack:T1/U3
  eve: slack:T1/U5
groups:
  ops: [ann]
  staff: [ops, "slack:T1/*"]
roles: { release: [ops], admin: [eve] }
rooms:
  slack:T1/C9: { commands: [help, list *] }
  "*": { commands: ["*"] }
rules:
  - { command: deploy, with: { env: prod }, roles: release, rooms: slack:T1/C1 }
  - { command: deploy, people: staff }
  - { command: register *, deny: true, because: services register themselves }
  - { command: restart, people: ops, approvals: 1 }
  - { command: "*", roles: admin, grant: true }
freezes:
  - { from: 2026-12-20T00:00:00Z, to: 2027-01-03T00:00:00Z, except: { roles: admin } }
`;

/** What is true of each, written down by hand: the expected outcome is made of it, and of nothing in the source. */
interface Somebody {
  readonly account: string;
  readonly name?: string;
  readonly isStaff?: true;
  readonly isOps?: true;
  readonly holds: readonly string[];
}
const everything = ['release', 'admin', 'audit', 'admin-of-something'];
const people: readonly Somebody[] = [
  { account: 'slack:T1/U5?', holds: [] },
  { account: 'slack:T2/U9', holds: [] },
  { account: 'slack:T2/U8', name: 'eve', holds: [] },
  { account: 'xmpp:room@conf.example.org/T1', holds: [] },
  { account: 'xmpp:ann@example.org/other', holds: [] },
  { account: 'memory:T1/U1', holds: [] },
  { account: 'slack:T1/U77', isStaff: true, holds: [] },
  { account: 'slack:T1/U1', isStaff: true, isOps: true, holds: ['release'] },
  { account: 'slack:t1/u1', isStaff: true, isOps: true, holds: ['release'] },
  { account: 'xmpp:ANN@example.org', isStaff: true, isOps: true, holds: ['release'] },
  { account: 'hipchat:1_2@chat.example.org', isStaff: true, isOps: true, holds: ['release'] },
  { account: 'slack:T1/U5', isStaff: true, holds: ['admin'] },
  { account: 'slack:T1/U3', isStaff: true, holds: ['admin'] },
  { account: 'console:root', isStaff: true, isOps: true, holds: everything },
];

interface Room {
  readonly what: Pick<Question, 'room' | 'roomName' | 'isDirect'>;
  readonly isOps?: true;
  readonly isLimited?: true;
}
/** Rooms of Slack: on another network the same ids are other rooms. */
const rooms: readonly Room[] = [
  { what: { room: 'T1/C1', roomName: 'ops', isDirect: false }, isOps: true },
  { what: { room: 'T1/C9', roomName: 'ops', isDirect: false }, isLimited: true },
  { what: { room: 'T2/C1', roomName: 'ops', isDirect: false } },
  { what: { room: 'T1/D1', roomName: 'ops', isDirect: true } },
  { what: { room: 'T1/C1/x', roomName: '', isDirect: false } },
];

interface Wanted {
  readonly commands: readonly string[];
  readonly effect: 'read' | 'change';
  readonly scopes?: readonly string[];
  readonly isDeploy?: true;
  readonly isDenied?: true;
  readonly isRestart?: true;
  readonly isCall?: true;
}
const wanted: readonly Wanted[] = [
  { commands: ['help'], effect: 'read' },
  { commands: ['list services'], effect: 'read' },
  { commands: ['secrets'], effect: 'read', scopes: ['audit'] },
  { commands: ['deploy'], effect: 'change', isDeploy: true },
  { commands: ['Deploy@1.1.0'], effect: 'change', isDeploy: true },
  { commands: ['deploy'], effect: 'change', isDeploy: true, scopes: ['release'] },
  { commands: ['deploy'], effect: 'change', isDeploy: true, scopes: ['release', 'admin-of-something'] },
  { commands: ['call', 'deploy'], effect: 'change', isDeploy: true, isCall: true },
  { commands: ['call', 'deploy'], effect: 'change', isDeploy: true, isCall: true, scopes: ['release'] },
  { commands: ['call'], effect: 'change', isCall: true },
  { commands: ['ship'], effect: 'change', scopes: ['release'] },
  { commands: ['register service'], effect: 'change', isDenied: true },
  { commands: ['register'], effect: 'read', isDenied: true },
  { commands: ['call', 'register service'], effect: 'change', isDenied: true, isCall: true },
  { commands: ['restart'], effect: 'change', isRestart: true },
  { commands: ['wipe'], effect: 'change' },
];
/** Each with whether it may be production. */
const values = [
  [{ env: 'prod' }, true],
  [{ env: ['dev', 'prod'] }, true],
  [{}, true],
  [{ env: [] }, true],
  [{ Env: 'dev' }, true],
  [{ env: 'dev' }, false],
  [{ env: 'PROD' }, false],
] as const;
const times = [
  ['2026-12-01T12:00:00Z', false],
  ['2026-12-24T12:00:00Z', true],
] as const;

function isAllowed(who: Somebody, room: Room, what: Wanted, isProd: boolean, isFrozen: boolean): boolean {
  const { holds } = who;
  const inSlack = who.account.startsWith('slack:');
  const changes = what.effect === 'change';
  if (who.account.endsWith('?') && (changes || what.scopes !== undefined)) return false;
  if (changes && isFrozen && !holds.includes('admin')) return false;
  if (inSlack && room.isLimited === true && what.commands[0] !== 'help' && what.commands[0] !== 'list services')
    return false;
  if (what.isDenied === true) return false;
  if (what.scopes?.some((scope) => !holds.includes(scope)) === true) return false;
  if (what.isDeploy === true && who.isStaff !== true) return false;
  if (what.isDeploy === true && isProd && !(holds.includes('release') && inSlack && room.isOps === true)) return false;
  if (what.isRestart === true && who.isOps !== true) return false;
  const mayAll = holds.includes('admin');
  if (what.isCall === true) return mayAll;
  return !changes || mayAll || what.isDeploy === true || what.isRestart === true || what.scopes !== undefined;
}

test('the matrix: nobody may what nobody said, and everybody may what was said', async () => {
  let now = 0;
  const elevation = { roles: ['admin'], reason: 'the shop is down', since: 0, until: 4e12 };
  await using access = await accessBy(text, {
    state: memoryState(),
    now: () => now,
    elevations: { of: (person) => (person === 'cal' ? elevation : undefined) },
  });
  const [ann, other] = [who('slack:T1/U1'), who('hipchat:1_2@chat.example.org')];
  const code = await access.links.create(ann);
  for (const [somebody, isYes] of [
    [other, false],
    [other, true],
    [ann, false],
    [ann, true],
  ] as const) {
    await access.links.use(somebody, code, isYes);
  }
  let cells = 0;
  let allowed = 0;
  const wrong: string[] = [];
  for (const [at, isFrozen] of times) {
    now = Date.parse(at);
    for (const somebody of people) {
      for (const room of rooms) {
        for (const what of wanted) {
          for (const [given, isProd] of values) {
            const { commands, effect, scopes = [] } = what;
            const identity = who(somebody.account, somebody.name);
            const asked = { ...room.what, identity, commands, effect, scopes, parameters: parameters(given) };
            const decision = access.decide(question(somebody.account, asked));
            cells += 1;
            if (decision.isAllowed) allowed += 1;
            if (decision.isAllowed !== isAllowed(somebody, room, what, isProd, isFrozen)) {
              wrong.push(JSON.stringify([at, somebody.account, room.what, what, given, decision]));
            }
          }
        }
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(cells).toBe(times.length * people.length * rooms.length * wanted.length * values.length);
  expect(cells).toBeGreaterThan(10_000);
  expect(allowed).toBeGreaterThan(2_000);
});
