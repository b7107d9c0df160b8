import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { until } from '../../../support/until.ts';
import { type Scene, scene } from './scene.ts';

/** What the bot's messages show. */
const shown = ({ fake }: Scene, channel = fake.general): readonly string[] =>
  fake
    .channel(channel)
    .filter(({ byBot }) => byBot)
    .map(({ blocks }) => JSON.stringify(blocks));

test('progress is one message, with a button that stops; the answer takes its place', async () => {
  const at = await scene();
  const { fake, outbox, asked } = at;
  const incoming = await asked();
  const talk = outbox.talk(incoming);
  await talk.say(text('building'), 'progress');
  expect(fake.channel().at(-1)).toMatchObject({ text: `<@${fake.user}> building` });
  expect(shown(at)[0]).toContain(`"action_id":"micro:stop"`);
  expect(shown(at)[0]).toContain(`"value":"${incoming.keys[0]}"`);
  await talk.say(text('pushing'), 'progress');
  await until(() => shown(at)[0]?.includes('pushing'));
  await talk.say(text('deployed'), 'answer');
  talk.end();
  expect(shown(at)).toHaveLength(1);
  expect(shown(at)[0]).toMatch(/building.*pushing.*deployed/);
  expect(shown(at)[0]).not.toContain('micro:stop');
  expect(fake.channel().at(-1)).toMatchObject({ text: `<@${fake.user}> deployed`, edited: true });
});

test('a thousand reports are a few calls, and the end is what stands there', async () => {
  const at = await scene();
  const talk = at.outbox.talk(await at.asked());
  for (let step = 0; step < 1_000; step += 1) await talk.say(text(`step ${step}.`), 'progress');
  await talk.say(text('done'), 'answer');
  expect(at.fake.calls('chat.postMessage')).toHaveLength(1);
  expect(at.fake.calls('chat.update').length).toBeLessThan(10);
  expect(shown(at)).toHaveLength(1);
  expect(shown(at)[0]).toMatch(/970 earlier ones are not shown.*step 999\..*done/);
});

test('reports without an end are not taken faster than they can be shown', async () => {
  const at = await scene({ outbox: { paceMs: 600_000 } });
  const talk = at.outbox.talk(await at.asked());
  let taken = 0;
  const reporting = (async () => {
    for (let step = 0; step < 5_000; step += 1) {
      await talk.say(text(`step ${step}`), 'progress');
      taken += 1;
    }
  })();
  await until(() => taken === 1_000);
  await talk.say(text('stopped'), 'error');
  await reporting;
  expect(shown(at)).toHaveLength(1);
  expect(shown(at)[0]).toContain('stopped');
});

test('an answer that was the last progress is not shown twice', async () => {
  const at = await scene();
  const talk = at.outbox.talk(await at.asked());
  const last = text('the last message');
  await talk.say(last, 'progress');
  await talk.say(last, 'answer');
  expect(shown(at)).toHaveLength(1);
  expect(shown(at)[0]?.split('the last message')).toHaveLength(2);
});

test('an error after progress is shown where that was', async () => {
  const at = await scene();
  const talk = at.outbox.talk(await at.asked());
  await talk.say(text('building'), 'progress');
  await talk.say(text('it broke'), 'error');
  expect(shown(at)).toHaveLength(1);
  expect(shown(at)[0]).toMatch(/building.*it broke/);
  expect(at.fake.calls('chat.postEphemeral')).toHaveLength(0);
});

test('an answer longer than a message begins where the progress was and goes on below it', async () => {
  const at = await scene();
  const talk = at.outbox.talk(await at.asked());
  await talk.say(text('reading'), 'progress');
  const rows = Array.from({ length: 400 }, (_, row) => `row ${row} ${'x'.repeat(40)}`);
  await talk.say(text(rows.join('\n')), 'answer');
  expect(at.fake.calls('chat.update')).toHaveLength(1);
  expect(shown(at)[0]).toContain('row 0 ');
  expect(shown(at).at(-1)).toContain('row 399 ');
});

test('a progress that somebody deleted is not missed: the answer is a new message', async () => {
  const at = await scene();
  const { fake, outbox, api } = at;
  const talk = outbox.talk(await at.asked());
  await talk.say(text('building'), 'progress');
  await api.call('chat.delete', { channel: fake.general, ts: fake.channel().at(-1)?.ts });
  await talk.say(text('pushing'), 'progress');
  await until(() => fake.calls('chat.update').length === 1);
  await talk.say(text('deployed'), 'answer');
  expect(shown(at)).toHaveLength(1);
  expect(shown(at)[0]).toContain('deployed');
});

test('a change that Slack does not take in time is made up for by the next one', async () => {
  const at = await scene({ web: { patienceMs: 10 } });
  const talk = at.outbox.talk(await at.asked());
  await talk.say(text('one'), 'progress');
  at.fake.trouble('chat.update', { kind: 'status', status: 500 }, 1);
  await talk.say(text('two'), 'progress');
  await until(() => at.fake.calls('chat.update').length === 1);
  await talk.say(text('three'), 'progress');
  await until(() => shown(at)[0]?.includes('three'));
  await talk.say(text('four'), 'answer');
  expect(shown(at)).toHaveLength(1);
});

test('when the first progress is refused that is told once, and the answer is still tried', async () => {
  const at = await scene();
  const { fake, outbox, asked } = at;
  const talk = outbox.talk(await asked());
  fake.trouble('chat.postMessage', { kind: 'error', error: 'restricted_action' }, 1);
  await expect(talk.say(text('one'), 'progress')).rejects.toMatchObject({ reason: 'restricted_action' });
  await talk.say(text('two'), 'progress');
  await talk.say(text('three'), 'answer');
  expect(shown(at)).toHaveLength(1);
  expect(shown(at)[0]).toMatch(/one.*two.*three/);
});

test('a first progress of which nobody knows whether it was shown is not posted twice', async () => {
  const at = await scene();
  const talk = at.outbox.talk(await at.asked());
  at.fake.trouble('chat.postMessage', { kind: 'cut after' }, 1);
  await expect(talk.say(text('one'), 'progress')).rejects.toMatchObject({ code: 'unavailable' });
  await talk.say(text('two'), 'progress');
  await talk.say(text('three'), 'answer');
  expect(shown(at)).toHaveLength(2);
  expect(at.fake.calls('chat.postMessage')).toHaveLength(2);
});

test('two commands in one channel each have their message', async () => {
  const at = await scene();
  const [one, two] = [at.outbox.talk(await at.asked()), at.outbox.talk(await at.asked())];
  await Promise.all([one.say(text('one builds'), 'progress'), two.say(text('two builds'), 'progress')]);
  await two.say(text('two is up'), 'answer');
  await one.say(text('one is up'), 'answer');
  expect(shown(at)).toHaveLength(2);
  expect(shown(at)[0]).toMatch(/one builds.*one is up/);
  expect(shown(at)[1]).toMatch(/two builds.*two is up/);
});

test('one long report is shown by its beginning', async () => {
  const at = await scene();
  const talk = at.outbox.talk(await at.asked());
  await talk.say(text(`${'y'.repeat(5_999)}😀${'z'.repeat(20_000)}`), 'progress');
  expect(shown(at)[0]).toContain('yyy');
  expect(shown(at)[0]).not.toContain('zz');
  await talk.say(text('done'), 'answer');
  expect(shown(at)[0]).toMatch(/yyy.*done/);
});
