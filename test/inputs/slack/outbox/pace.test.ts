import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import type { Trouble } from '../../../support/slack/trouble.ts';
import { until } from '../../../support/until.ts';
import { scene } from './scene.ts';

/** As Slack has it: one a second, after a few at once. */
const strict = { slack: { postsPerSecond: 1, burst: 4 }, outbox: { paceMs: 1_100 } } as const;

test('messages come at the pace that Slack wants: it never has to say so', async () => {
  const { fake, outbox, asked } = await scene(strict);
  const incoming = await asked();
  await Promise.all(['1', '2', '3', '4', '5', '6'].map((word) => outbox.talk(incoming).say(text(word), 'answer')));
  expect(fake.posted).toHaveLength(6);
  expect(fake.calls('chat.postMessage').every(({ outcome }) => outcome === 'ok')).toBe(true);
});

test('far behind, a channel takes no progress first, and then nothing more; others do', async () => {
  const { fake, outbox, asked } = await scene();
  const other = fake.addChannel();
  const free = fake.trouble('chat.postMessage', { kind: 'ratelimited', retryAfterS: 1 });
  const incoming = await asked();
  const answers = Array.from({ length: 60 }, (_, each) => outbox.talk(incoming).say(text(`answer ${each}`), 'answer'));
  const talk = outbox.talk(incoming);
  await talk.say(text('progress'), 'progress');
  talk.end();
  answers.push(...Array.from({ length: 40 }, (_, each) => outbox.talk(incoming).say(text(`more ${each}`), 'answer')));
  const tooMany = outbox.talk(incoming).say(text('one too many'), 'answer');
  await expect(tooMany).rejects.toMatchObject({ name: 'SlackError', code: 'unavailable' });
  free();
  await outbox.talk(await asked({ channel: other })).say(text('elsewhere'), 'answer');
  await Promise.all(answers);
  const shown = fake.channel().filter(({ byBot }) => byBot);
  expect(shown).toHaveLength(100);
  expect(shown.some(({ text }) => text.includes('progress'))).toBe(false);
});

const mishaps: readonly Trouble[] = [
  { kind: 'ratelimited', retryAfterS: 0 },
  { kind: 'slow', ms: 20 },
  { kind: 'cut' },
  { kind: 'cut after' },
  { kind: 'status', status: 500 },
  { kind: 'error', error: 'service_unavailable' },
  { kind: 'garbage', body: 'oops' },
];

test('whatever happens on the way, nothing is said twice, and all in order', async () => {
  const { fake, outbox, asked } = await scene();
  const incoming = await asked();
  const results = await Promise.allSettled(
    Array.from({ length: 70 }, async (_, each) => {
      if (each % 2 === 0) fake.trouble('chat.postMessage', mishaps[(each / 2) % mishaps.length] ?? { kind: 'cut' }, 1);
      await outbox.talk(incoming).say(text(`answer ${each}.`), 'answer');
    }),
  );
  const shown = fake.channel().flatMap(({ byBot, text }) => (byBot ? [Number(/answer (\d+)\./.exec(text)?.[1])] : []));
  expect(shown).toEqual([...new Set(shown)].sort((a, b) => a - b));
  const taken = results.flatMap(({ status }, each) => (status === 'fulfilled' ? [each] : []));
  expect(shown).toEqual(expect.arrayContaining(taken));
  expect(taken.length).toBeGreaterThan(35);
  expect(taken.length).toBeLessThan(70);
});

test('what is said is said before it closes, and nothing after', async () => {
  const { fake, outbox, asked } = await scene();
  fake.trouble('chat.postMessage', { kind: 'slow', ms: 50 });
  const incoming = await asked();
  const said = ['one', 'two'].map((word) => outbox.talk(incoming).say(text(word), 'answer'));
  const closed = outbox.close(new AbortController().signal);
  await expect(outbox.talk(incoming).say(text('three'), 'answer')).rejects.toMatchObject({ code: 'unavailable' });
  await closed;
  expect(fake.posted).toHaveLength(2);
  await Promise.all(said);
});

test('a close that may not wait any longer ends what is on its way', async () => {
  const { fake, outbox, asked, logged } = await scene();
  fake.trouble('chat.postMessage', { kind: 'silent' });
  const incoming = await asked();
  const said = ['one', 'two'].map((word) => outbox.talk(incoming).say(text(word), 'answer'));
  const refused = Promise.all(said.map((each) => expect(each).rejects.toMatchObject({ code: 'unavailable' })));
  await until(() => fake.calls('chat.postMessage').length === 1);
  await outbox.close(AbortSignal.abort());
  await refused;
  expect(logged()).toContain('warn left Slack before all was said');
  expect(fake.calls('chat.postMessage')).toHaveLength(1);
});
