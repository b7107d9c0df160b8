import { expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { type Scene, scene } from './scene.ts';

const rows = Array.from({ length: 1_500 }, (_, row) => `row ${row} ${'x'.repeat(40)}`);
/** More than fits into the messages of an answer, less than into those it has without a file. */
const long = text(rows.join('\n'));

const numbers = (written: string): readonly number[] =>
  [...written.matchAll(/row (\d+) x/g)].map(([, row]) => Number(row));
const shown = ({ fake }: Scene): string => fake.posted.map(({ blocks }) => JSON.stringify(blocks)).join('');
const all = rows.map((_, row) => row);

test('a long answer is a file with all of it, and messages with its beginning', async () => {
  const at = await scene();
  const { fake, outbox, asked } = at;
  await outbox.talk(await asked()).say(long, 'answer');
  const files = fake.channel().flatMap((message) => message.files);
  expect(files).toHaveLength(1);
  expect(numbers(files[0]?.content ?? '')).toEqual(all);
  expect(shown(at)).toContain('file');
  expect(numbers(shown(at))).toEqual(all.slice(0, numbers(shown(at)).length));
  expect(fake.posted.length).toBeLessThan(6);
});

test('it is in the thread where that was asked in one', async () => {
  const { fake, outbox, asked } = await scene();
  const { ts } = await asked();
  await outbox.talk(await asked({ thread: ts })).say(long, 'answer');
  expect(fake.channel().filter(({ byBot, thread }) => byBot && thread !== ts)).toEqual([]);
  expect(fake.channel().some(({ files }) => files.length === 1)).toBe(true);
});

test('without the scope there are more messages, and one line in the log', async () => {
  const at = await scene();
  const { fake, outbox, asked, lines } = at;
  fake.withoutScope('files:write');
  await outbox.talk(await asked()).say(long, 'answer');
  expect(numbers(shown(at))).toEqual(all);
  expect(shown(at)).not.toContain('file');
  await outbox.talk(await asked()).say(long, 'answer');
  expect(fake.calls('files.getUploadURLExternal')).toHaveLength(1);
  const warnings = lines.filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.fields).toMatchObject({ scope: 'files:write' });
});

test('so it is where the file does not get through', async () => {
  const at = await scene({ web: { patienceMs: 100 } });
  for (const step of ['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal']) {
    const before = at.fake.posted.length;
    const free = at.fake.trouble(step, { kind: 'error', error: 'file_uploads_disabled' });
    await at.outbox.talk(await at.asked()).say(long, 'answer');
    free();
    const now = at.fake.posted.slice(before).map(({ blocks }) => JSON.stringify(blocks));
    expect(numbers(now.join(''))).toEqual(all);
  }
  expect(at.fake.channel().flatMap(({ files }) => files)).toEqual([]);
});

test('a file that Slack may have is not sent again: that it may be missing is said', async () => {
  const at = await scene();
  at.fake.trouble('files.completeUploadExternal', { kind: 'cut after' }, 1);
  await at.outbox.talk(await at.asked()).say(long, 'answer');
  expect(at.fake.channel().flatMap(({ files }) => files)).toHaveLength(1);
  expect(at.fake.calls('files.completeUploadExternal')).toHaveLength(1);
  expect(JSON.stringify(at.fake.channel().at(-1)?.blocks)).toContain('it may be missing');
});

test('what is too long even for that ends with a word about it', async () => {
  const at = await scene();
  at.fake.withoutScope('files:write');
  await at.outbox.talk(await at.asked()).say(text('z'.repeat(1_000_000)), 'answer');
  expect(at.fake.posted.length).toBeLessThan(25);
  expect(JSON.stringify(at.fake.channel().at(-1)?.blocks)).toContain('too long for messages');
});

test('what is for one person alone is never a file', async () => {
  const at = await scene();
  await at.outbox.talk(await at.asked()).say(long, 'aside');
  expect(at.fake.calls('files.getUploadURLExternal')).toEqual([]);
  expect(at.fake.posted.every(({ method, to }) => method === 'chat.postEphemeral' && to === at.fake.user)).toBe(true);
  expect(numbers(shown(at))).toEqual(all);
});
