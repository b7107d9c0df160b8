import { expect, test } from 'vitest';
import type { Access, Decision } from '../../src/access/access.ts';
import { command, runningBot } from '../support/bot.ts';

const nobody = { id: 'x', name: 'x', isKnown: true, roles: new Set<string>() };
/** Whatever it answers: what comes over is not what a compiler saw. */
const broken = (decide: () => unknown): Access => ({
  decide: () => decide() as Decision,
  personOf: () => nobody,
  everybody: () => [],
});
const yes = { isAllowed: true, person: 'x', why: '', path: [], confirm: false, approvals: 0, scopes: [] };

const never = new Promise<never>(() => {});
const providers: readonly (readonly [string, Access])[] = [
  [
    'throws',
    broken(() => {
      throw new Error('secret of the provider');
    }),
  ],
  [
    'throws nothing',
    broken(() => {
      throw undefined as unknown;
    }),
  ],
  ['rejects', broken(() => Promise.reject(new Error('secret of the provider')))],
  ['never answers', broken(() => never)],
  ['answers nothing', broken(() => undefined)],
  ['answers null', broken(() => Promise.resolve(null))],
  ['answers true', broken(() => true)],
  ['answers an empty object', broken(() => ({}))],
  ['answers a word', broken(() => ({ ...yes, isAllowed: 'true' }))],
  ['answers 1', broken(() => ({ ...yes, isAllowed: 1 }))],
  ['answers no number of approvals', broken(() => ({ ...yes, approvals: Number.NaN }))],
  ['answers fewer approvals than none', broken(() => ({ ...yes, approvals: -1 }))],
  ['answers approvals as text', broken(() => ({ ...yes, approvals: '2' }))],
  ['answers a confirmation as text', broken(() => ({ ...yes, confirm: 'yes' }))],
  ['answers no scopes', broken(() => ({ ...yes, scopes: undefined, approvals: 1 }))],
  ['answers no person', broken(() => ({ ...yes, person: undefined }))],
  [
    'knows nobody',
    {
      ...broken(() => yes),
      personOf: () => {
        throw new Error('nobody is known');
      },
    },
  ],
];
const commands = ['read', 'change'] as const;

test('with the sound one both run', async () => {
  let runs = 0;
  await using bot = runningBot(
    commands.map((effect) => command(effect, () => String((runs += 1)), { effect })),
    { access: broken(() => yes) },
  );
  for (const name of commands) await bot.say(name);
  expect(runs).toBe(2);
});

test.concurrent.each(providers)('nothing runs when who decides %s', async (_, access) => {
  const ran: string[] = [];
  await using bot = runningBot(
    commands.map((effect) =>
      command(
        effect,
        () => {
          ran.push(effect);
          return 'it ran';
        },
        { effect },
      ),
    ),
    { access },
  );
  const replies = await Promise.all(commands.map((name) => bot.say(name, { sender: name })));
  expect(ran).toEqual([]);
  expect(replies.map(({ length }) => length)).toEqual([1, 1]);
  expect(replies.flat().join()).not.toMatch(/it ran|secret of the provider/);
});
