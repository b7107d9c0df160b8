import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import type { Incoming } from '../../../../src/inputs/slack/incoming.ts';
import { until } from '../../../support/until.ts';
import { type Scene, scene } from './scene.ts';

const soon = { outbox: { reactAfterMs: 1 } } as const;
const never = { outbox: { reactAfterMs: 600_000 } } as const;

const reactions = ({ fake }: Scene, { ts }: Incoming): readonly string[] =>
  fake
    .channel()
    .filter((message) => message.ts === ts)
    .flatMap((message) => message.reactions.map(({ name }) => name));

test.each([
  ['answer', 'white_check_mark'],
  ['aside', 'white_check_mark'],
  ['error', 'x'],
] as const)('what takes a while has an hourglass, and after its %s a mark: %s', async (kind, mark) => {
  const at = await scene(soon);
  const incoming = await at.asked();
  const talk = at.outbox.talk(incoming);
  await until(() => reactions(at, incoming).length === 1);
  expect(reactions(at, incoming)).toEqual(['hourglass_flowing_sand']);
  await talk.say(text('done'), kind);
  talk.end();
  await until(() => reactions(at, incoming)[0] === mark);
  expect(reactions(at, incoming)).toEqual([mark]);
});

test('what is answered at once has none', async () => {
  const at = await scene(never);
  const talk = at.outbox.talk(await at.asked());
  await talk.say(text('done'), 'answer');
  talk.end();
  await at.outbox.close(new AbortController().signal);
  expect(at.fake.calls('reactions.add')).toEqual([]);
});

test('an hourglass is taken away when nothing was said', async () => {
  const at = await scene(soon);
  const incoming = await at.asked();
  const talk = at.outbox.talk(incoming);
  await until(() => reactions(at, incoming).length === 1);
  talk.end();
  await at.outbox.close(new AbortController().signal);
  expect(reactions(at, incoming)).toEqual([]);
});

test('an answer that comes while the hourglass is put there takes it away all the same', async () => {
  const at = await scene(soon);
  at.fake.trouble('reactions.add', { kind: 'slow', ms: 200 }, 1);
  const incoming = await at.asked();
  const talk = at.outbox.talk(incoming);
  await until(() => at.fake.calls('reactions.add').length === 1);
  await talk.say(text('done'), 'answer');
  talk.end();
  await at.outbox.close(new AbortController().signal);
  expect(reactions(at, incoming)).toEqual(['white_check_mark']);
});

test('without the scope it is said once in the log, and never tried again', async () => {
  const at = await scene(soon);
  at.fake.withoutScope('reactions:write');
  const first = at.outbox.talk(await at.asked());
  await until(() => at.lines.length === 1);
  await first.say(text('done'), 'answer');
  const second = at.outbox.talk(await at.asked());
  await second.say(text('done'), 'answer');
  await at.outbox.close(new AbortController().signal);
  expect(at.fake.posted).toHaveLength(2);
  expect(at.fake.calls('reactions.add')).toHaveLength(1);
  expect(at.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields['scope'])).toEqual([
    'reactions:write',
  ]);
});

test('that it fails is nothing to the answer', async () => {
  const at = await scene({ ...soon, web: { patienceMs: 1 } });
  at.fake.trouble('reactions.add', { kind: 'status', status: 500 });
  const talk = at.outbox.talk(await at.asked());
  await until(() => at.fake.calls('reactions.add').length > 0);
  await talk.say(text('done'), 'answer');
  talk.end();
  expect(at.fake.posted).toHaveLength(1);
});

test('a hundred slow commands at once get a few hourglasses: Slack has a limit', async () => {
  const at = await scene(soon);
  const talks = await Promise.all(Array.from({ length: 100 }, async () => at.outbox.talk(await at.asked())));
  await until(() => at.fake.calls('reactions.add').length >= 10);
  for (const talk of talks) talk.end();
  await at.outbox.close(new AbortController().signal);
  expect(at.fake.calls('reactions.add').length).toBeLessThan(15);
  expect(at.fake.calls('reactions.remove').length).toBe(at.fake.calls('reactions.add').length);
});

test('a slash command has no message to react to', async () => {
  const at = await scene(soon);
  const talk = at.outbox.talk(await at.typed());
  await talk.say(text('done'), 'answer');
  talk.end();
  await at.outbox.close(new AbortController().signal);
  expect(at.fake.calls('reactions.add')).toEqual([]);
});
