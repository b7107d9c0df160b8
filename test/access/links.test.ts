import { expect, test } from 'vitest';
import type { AuditEvent } from '../../src/audit/audit.ts';
import { codeMs } from '../../src/access/links.ts';
import { memoryState } from '../../src/state/memory.ts';
import { type State, StateError } from '../../src/state/state.ts';
import { accessBy, type OpenAccess, who } from './ask.ts';

const text = `people: {ann: slack:T1/U1, ben: [slack:T1/U2, hipchat:1_2@chat.example.org]}
roles: {release: ann}
rules: [{command: deploy, roles: release}]`;
const ann = who('slack:T1/U1', 'Ann');
const home = who('xmpp:ann@example.org', 'ann');
const mallory = who('xmpp:mallory@evil.example', 'Ann');

/** One step after the other: what comes of each. */
async function steps(
  access: OpenAccess,
  code: string,
  ...turns: readonly (readonly [typeof ann, boolean])[]
): Promise<string[]> {
  const kinds: string[] = [];
  for (const [identity, isYes] of turns) {
    const step = await access.links.use(identity, code, isYes);
    kinds.push(step.kind === 'ask' ? `ask ${step.whom}` : step.kind);
  }
  return kinds;
}
const all = ['ask claimant', 'agreed', 'ask creator', 'linked'];
const linking = [
  [home, false],
  [home, true],
  [ann, false],
  [ann, true],
] as const;

test('two accounts are one person when both have said so', async () => {
  const notes: AuditEvent[] = [];
  await using access = await accessBy(text, { audit: { write: async (event) => void notes.push(event) } });
  const code = await access.links.create(ann);
  expect(access.ask('xmpp:ann@example.org')).toMatch(/^no/);
  expect(await steps(access, code.toLowerCase().replace('-', ''), ...linking)).toEqual(all);
  expect(access.ask('xmpp:ann@example.org')).toMatch(/^yes/);
  expect(access.personOf(home).id).toBe('ann');
  expect(access.profileOf(ann).ids).toEqual(['slack:T1/U1', 'xmpp:ann@example.org']);
  expect(notes.flatMap((note) => (note.kind === 'note' ? [note.what] : []))).toEqual([
    'link code made',
    'link code typed',
    'linked',
  ]);
  expect(await access.links.remove(home)).toEqual(['xmpp:ann@example.org']);
  expect(access.ask('xmpp:ann@example.org')).toMatch(/^no/);
});

test('it does not matter which of them is in the file, and neither has to be', async () => {
  await using access = await accessBy(text);
  expect(
    await steps(access, await access.links.create(home), [ann, false], [ann, true], [home, false], [home, true]),
  ).toEqual(all);
  expect(access.personOf(home).id).toBe('ann');
  const [one, other] = [who('slack:T1/U8'), who('xmpp:u8@example.org')];
  expect(
    await steps(access, await access.links.create(one), [other, false], [other, true], [one, false], [one, true]),
  ).toEqual(all);
  expect(access.personOf(other).id).toBe('slack:T1/U8');
  expect(access.personOf(one).id).toBe('slack:T1/U8');
});

test('nothing is linked on the word of one of them', async () => {
  await using access = await accessBy(text);
  const code = await access.links.create(ann);
  expect(await steps(access, code, [ann, true], [ann, true], [home, true], [home, true])).toEqual([
    'early',
    'early',
    'ask claimant',
    'agreed',
  ]);
  // She has not seen yet who it is.
  expect(await steps(access, code, [ann, true])).toEqual(['ask creator']);
  expect(access.personOf(home).id).toBe('xmpp:ann@example.org');
});

test('a code is for who typed it first, for one use, and not for long', async () => {
  let now = 1_000_000;
  await using access = await accessBy(text, { now: () => now });
  const first = await access.links.create(ann);
  expect(await steps(access, first, [home, false], [mallory, false], [mallory, true])).toEqual([
    'ask claimant',
    'unknown',
    'unknown',
  ]);
  const second = await access.links.create(ann);
  expect(await steps(access, first, [home, true], [ann, true])).toEqual(['unknown', 'unknown']);
  expect(await steps(access, second, ...linking, [ann, true], [home, true])).toEqual([...all, 'unknown', 'unknown']);
  const third = await access.links.create(ann);
  now += codeMs;
  expect(await steps(access, third, [mallory, false])).toEqual(['unknown']);
});

test('of two who type a code at the same moment one gets it; saying yes twice links once', async () => {
  await using access = await accessBy(text);
  const code = await access.links.create(ann);
  const claims = await Promise.all([access.links.use(home, code, false), access.links.use(mallory, code, false)]);
  expect(claims.map(({ kind }) => kind)).toEqual(['ask', 'unknown']);
  await steps(access, code, [home, true], [ann, false]);
  const ends = await Promise.all([access.links.use(ann, code, true), access.links.use(ann, code, true)]);
  expect(ends.map(({ kind }) => kind)).toEqual(['linked', 'unknown']);
});

test('a restart in between changes nothing: half a link goes on, a used code stays used', async () => {
  const state = memoryState();
  let code = '';
  {
    await using before = await accessBy(text, { state });
    code = await before.links.create(ann);
    expect(await steps(before, code, [home, false], [home, true])).toEqual(['ask claimant', 'agreed']);
  }
  {
    await using after = await accessBy(text, { state });
    expect(await steps(after, code, [mallory, false], [ann, false], [ann, true])).toEqual([
      'unknown',
      'ask creator',
      'linked',
    ]);
  }
  await using later = await accessBy(text, { state });
  expect(later.personOf(home).id).toBe('ann');
  expect(await steps(later, code, [ann, true], [home, true], [mallory, true])).toEqual([
    'unknown',
    'unknown',
    'unknown',
  ]);
  expect(JSON.stringify(await state.shelf('links', (kept) => kept, {}))).not.toContain(code);
});

test('who guesses is stopped, also with the right code', async () => {
  let now = 1_000_000;
  const notes: AuditEvent[] = [];
  await using access = await accessBy(text, {
    now: () => now,
    audit: { write: async (event) => void notes.push(event) },
  });
  const code = await access.links.create(ann);
  for (const wrong of ['00000000', 'x', '', 'K7QD-2MXA', '__proto__']) {
    expect(await steps(access, wrong, [mallory, false])).toEqual(['unknown']);
  }
  expect(await steps(access, code, [mallory, false])).toEqual(['barred']);
  expect(await steps(access, code, [home, false])).toEqual(['ask claimant']);
  now += 60_000;
  expect(await steps(access, code, [mallory, false])).toEqual(['unknown']);
  expect(notes).toContainEqual(
    expect.objectContaining({ what: 'link codes guessed', person: 'xmpp:mallory@evil.example' }),
  );
});

test('the access file comes first: it is not joined by links, and what it gives to somebody is theirs', async () => {
  const state = memoryState();
  {
    await using access = await accessBy(text, { state });
    const [ben, other] = [who('hipchat:1_2@chat.example.org'), who('hipchat:9_9@chat.example.org')];
    expect(await steps(access, await access.links.create(ann), [ben, false])).toEqual(['refused']);
    expect(await steps(access, await access.links.create(ann), [who('slack:T1/U7'), false])).toEqual(['refused']);
    expect(await steps(access, await access.links.create(ann), ...linking)).toEqual(all);
    const [eva, work] = [who('memory:eva'), who('hipchat:7_7@chat.example.org')];
    expect(
      await steps(access, await access.links.create(eva), [work, false], [work, true], [eva, false], [eva, true]),
    ).toEqual(all);
    expect(await steps(access, await access.links.create(ann), [work, false])).toEqual(['refused']);
    expect(await access.links.remove(ann, 'slack:T1/U1')).toEqual([]);
    expect(await access.links.remove(other, 'xmpp:ann@example.org')).toEqual([]);
  }
  await using access = await accessBy(text.replace('people: {', 'people: {cal: xmpp:ann@example.org, '), { state });
  expect(access.personOf(home).id).toBe('cal');
  expect(access.profileOf(ann).ids).toEqual(['slack:T1/U1']);
  expect(access.ask('xmpp:ann@example.org')).toMatch(/^no/);
});

test('a link that cannot be kept is none', async () => {
  const good = memoryState();
  let isFull = false;
  const state: State = {
    close: () => good.close(),
    async shelf(name, read, empty) {
      const shelf = await good.shelf(name, read, empty);
      return {
        get current() {
          return shelf.current;
        },
        async replace(value) {
          await shelf.replace(value);
          if (isFull) throw new StateError('unavailable', 'no space left');
        },
      };
    },
  };
  await using access = await accessBy(text, { state });
  const code = await access.links.create(ann);
  await steps(access, code, [home, false], [home, true], [ann, false]);
  isFull = true;
  await expect(access.links.use(ann, code, true)).rejects.toThrow('no space left');
  await expect(access.links.create(home)).rejects.toThrow('no space left');
  expect(access.personOf(home).id).toBe('xmpp:ann@example.org');
  expect(access.ask('xmpp:ann@example.org')).toMatch(/^no/);
  isFull = false;
  expect(await steps(access, code, [ann, true])).toEqual(['linked']);
});

test('accounts whose names every object has are accounts like others', async () => {
  await using access = await accessBy(text);
  for (const user of ['__proto__', 'constructor', 'toString']) {
    const [one, other] = [who(`memory:${user}`), who(`xmpp:${user}`)];
    expect(access.personOf(one)).toMatchObject({ id: `memory:${user}`, isKnown: true });
    expect(
      await steps(access, await access.links.create(one), [other, false], [other, true], [one, false], [one, true]),
    ).toEqual(all);
    expect(access.personOf(other).id).toBe(`memory:${user}`);
  }
});
