import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { About, AuditFilter } from '../../../src/audit/audit.ts';
import type { KeptAudit } from '../../../src/audit/kept.ts';
import { memoryAudit } from '../../../src/audit/memory.ts';
import { until } from '../../support/until.ts';
import { ask, openWorld, type World } from './world.ts';

const about = (code: string): About => ({
  id: '7',
  person: 'ann',
  input: 'memory',
  user: 'ann',
  room: 'ops',
  command: 'deploy',
  line: 'deploy billing prod',
  isMasked: false,
  cause: `approval ${code}`,
  decision: '',
});

interface Killed {
  readonly world: World;
  readonly code: string;
  /** What the people in the room are told after the next start. */
  readonly told: () => Promise<string>;
  /** Of the notes about it. */
  readonly lost: () => Promise<readonly string[]>;
}

/** What was approved was recorded as `record` does, and then the bot was killed: on its disk all is as at that moment. */
async function killed(
  record: (audit: KeptAudit, code: string) => Promise<void>,
  audit: KeptAudit = memoryAudit(),
): Promise<Killed> {
  const world = await openWorld({ audit });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const copy = await mkdtemp(join(tmpdir(), 'killed-'));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  let isCopied = false;
  world.onRun = async ({ code }) => {
    await record(audit, code);
    await cp(world.directory, copy, { recursive: true, filter: (path) => !path.includes('lock') });
    isCopied = true;
  };
  const code = await ask(world);
  await world.say('memory:ben', `approve ${code}`);
  await until(() => isCopied);
  await world.restart(copy);
  return {
    world,
    code,
    told: () => until(() => world.told.find((line) => line.includes(code))),
    lost: async () =>
      (await audit.find({}, 100)).flatMap((each) =>
        each.kind === 'note' && each.what === 'approval lost' ? [each.details['why'] ?? ''] : [],
      ),
  };
}

it.each([
  ['done', undefined, 'done'],
  ['failed', 'no such service', 'failed: no such service'],
  ['timed out', 'no answer within 30s', 'timed out: no answer within 30s'],
] as const)('what %s before the bot was killed is told with that end', async (outcome, error, words) => {
  const { world, code, told, lost } = await killed(async (audit, given) => {
    await audit.write({ kind: 'started', ...about(given) });
    await audit.write({ kind: 'ended', id: '7', outcome, durationMs: 1, error });
  });
  expect(await told()).toContain(`ran and ended before the bot went down: ${words}.`);
  expect(await told()).not.toContain('nobody knows');
  expect(await lost()).toEqual([]);
  expect(await world.say('memory:cy', `approve ${code}`)).toContain(`was approved and ran: ${words}`);
  expect(world.grants).toHaveLength(1);
});

it('what was refused in the end is told with the reason', async () => {
  const { told } = await killed((audit, code) =>
    audit.write({ kind: 'denied', ...about(code), decision: 'no changes at the moment' }),
  );
  expect(await told()).toContain('denied: no changes at the moment');
});

it('what began and has no end, or one of which nobody knows, is told as that', async () => {
  for (const end of ['none', 'unknown'] as const) {
    const { told, lost } = await killed(async (audit, code) => {
      await audit.write({ kind: 'started', ...about(code) });
      if (end === 'unknown') await audit.write({ kind: 'ended', id: '7', outcome: 'unknown', durationMs: 0 });
    });
    expect(await told()).toContain('nobody knows what became of it');
    expect(await lost()).toEqual(['unknown: the bot went down before it was done']);
  }
});

it('what never began is told as that, though the same line ran for somebody’s other word', async () => {
  const { told, lost } = await killed(async (audit) => {
    await audit.write({ kind: 'started', ...about('0000-00') });
    await audit.write({ kind: 'ended', id: '7', outcome: 'done', durationMs: 1 });
  });
  expect(await told()).toContain('had not begun when the bot went down');
  expect(await lost()).toEqual(['it had not begun when the bot went down']);
});

it('nobody knows anything where the records were changed for others, or cannot be read', async () => {
  const audit = memoryAudit();
  const unreadable = { ...audit, find: () => Promise.reject(new Error('the disk is gone')) };
  const one = await killed(async () => {}, unreadable);
  expect(await one.told()).toContain('nobody knows what became of it');
  const forgotten = { ...audit, find: (filter: AuditFilter) => memoryAudit().find(filter, 10) };
  const other = await killed(async () => {}, forgotten);
  expect(await other.told()).toContain('nobody knows what became of it');
});
