import { describe, expect, it } from 'vitest';
import { auditCommands } from '../../src/audit/commands.ts';
import type { KeptAudit } from '../../src/audit/kept.ts';
import { memoryAudit } from '../../src/audit/memory.ts';
import type { Caller, OptionValues } from '../../src/commands/command.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { shellArguments } from '../../src/cli/arguments.ts';
import { about } from '../contract/audit.ts';

const ann: Caller = { input: 'slack', room: 'C1', user: 'U1', person: 'ann' };
const noon = Date.parse('2026-11-21T12:00:00.000Z');

/** What a person reads, with tabs as in a terminal. */
const say = async (
  audit: KeptAudit,
  name: string,
  words: readonly string[] = [],
  options: OptionValues = {},
  mayRead: (caller: Caller) => boolean | Promise<boolean> = () => true,
): Promise<string> => {
  const command = auditCommands({ audit, mayRead, now: () => noon + 60_000 }).find((each) => each.name === name);
  const result = command?.run({
    id: 'i',
    args: shellArguments(words),
    options,
    caller: ann,
    signal: AbortSignal.timeout(10_000),
  });
  if (result === undefined || Symbol.asyncIterator in result) throw new Error('it answers at once');
  return renderTerminal(await result);
};

async function filled(): Promise<KeptAudit> {
  const audit = memoryAudit({ now: () => noon });
  await audit.write({ kind: 'started', ...about('1', { line: 'deploy billing env=prod' }) });
  await audit.write({ kind: 'ended', id: '1', outcome: 'done', durationMs: 1_234.5, node: 'billing-1' });
  await audit.write({ kind: 'denied', ...about('2', { person: 'slack:U9', decision: 'nobody may' }) });
  await audit.write({ kind: 'started', ...about('3', { command: 'scale', line: 'scale 3', room: '' }) });
  await audit.write({ kind: 'ended', id: '3', outcome: 'failed', durationMs: 10, error: 'no such\tservice\n' });
  await audit.write({ kind: 'started', ...about('4') });
  await audit.write({ kind: 'note', what: 'linked', person: 'ben', details: { to: 'xmpp:ben@x' } });
  return audit;
}

const head = 'When\tId\tPerson\tWhere\tCommand\tOutcome\tDuration';
const time = '12:00:00 UTC';

describe('audit', () => {
  it('shows who did what, and how it ended', async () => {
    expect((await say(await filled(), 'audit')).split('\n')).toEqual([
      head,
      `${time}\t1\tann\tslack C1\tdeploy billing env=prod\tdone\t1.235s`,
      `${time}\t2\tslack:U9\tslack C1\tdeploy billing\tdenied: nobody may\t`,
      `${time}\t3\tann\tslack\tscale 3\tfailed: no such service \t10ms`,
      `${time}\t4\tann\tslack C1\tdeploy billing\tnot ended\t`,
      `${time}\t\tben\t\tlinked to=xmpp:ben@x\t\t`,
    ]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['a person', ['person=ann'], ['1', '3', '4']],
    ['an outcome', ['outcome=failed'], ['3']],
    ['one of two words', ['outcome=timed-out'], []],
    ['several', ['person=ann', 'command=deploy', 'room=C1'], ['1', '4']],
    ['how long ago', ['since=5m', 'person=ann'], ['1', '3', '4']],
    ['days ago', ['since=2d', 'person=ann'], ['1', '3', '4']],
    ['too long ago', ['until=2m'], []],
    ['moments', ['since=2026-11-21T12:00', 'until=2026-11-21T13:00:00+01:00', 'command=scale'], ['3']],
    ['days', ['since=2026-11-21', 'until=2026-11-22', 'command=scale'], ['3']],
  ])('shows what was asked for: %s', async (_, words, ids) => {
    const lines = (await say(await filled(), 'audit', words)).split('\n');
    if (ids.length === 0) expect(lines).toEqual(['nothing of that kind is in the audit']);
    else expect(lines.slice(1).map((line) => line.split('\t')[1])).toEqual(ids);
  });

  it('shows the last ones', async () => {
    const shown = await say(await filled(), 'audit', [], { last: '2' });
    expect(shown.split('\n').map((line) => line.split('\t')[1])).toEqual(['Id', '4', '']);
  });

  it('shows all of one', async () => {
    const shown = await say(await filled(), 'audit', ['id=3']);
    expect(shown).toMatch(/^record: started\nseq: 4\nat: \S+\nid: 3\n/);
    expect(shown).toContain('\ndecision: role release\n');
    expect(shown).toContain('\noutcome: failed\ndurationMs: 10\nerror: no such service \n');
  });

  it.each<[readonly string[], OptionValues, string]>([
    [['ann'], {}, 'ann is no filter'],
    [['who=ann'], {}, 'who=ann is no filter'],
    [['person='], {}, 'person needs a value'],
    [['person=a', 'person=b'], {}, 'person is given twice'],
    [['outcome=good'], {}, 'outcome is one of done, failed, denied, cancelled, timed-out, unknown, not good'],
    [['since=yesterday'], {}, 'since is how long ago (90m, 2d) or a moment (2026-11-21T14:00), not yesterday'],
    [['until=2026-13-41'], {}, 'until is how long ago'],
    [[], { last: '0' }, '--last is a number from 1 to 500, not 0'],
    [[], { last: '1e9' }, '--last is a number from 1 to 500, not 1e9'],
  ])('refuses %j %j', async (words, options, message) => {
    await expect(say(await filled(), 'audit', words, options)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
    });
  });

  it.each(['audit', 'audit verify', 'audit head'])('is not for everybody: %s', async (name) => {
    const audit = await filled();
    const refused = { code: 'failed', message: 'the audit is for those who hold the role auditor or admin' };
    await expect(say(audit, name, [], {}, () => false)).rejects.toMatchObject(refused);
    await expect(say(audit, name, [], {}, () => Promise.reject(new Error('broken')))).rejects.toMatchObject(refused);
    const broken = (): boolean => {
      throw new Error('broken');
    };
    await expect(say(audit, name, [], {}, broken)).rejects.toMatchObject(refused);
    const asked: Caller[] = [];
    await say(audit, name, [], {}, (caller) => asked.push(caller) > 0);
    expect(asked).toEqual([ann]);
  });
});

describe('audit verify', () => {
  it('says that all is well, and what has not ended', async () => {
    const audit = await filled();
    const shown = await say(audit, 'audit verify', [], { head: audit.head.hash.toUpperCase() });
    expect(shown.split('\n')).toEqual([
      'whole: 7 records, from 1 (2026-11-21T12:00:00.000Z) to 7 (2026-11-21T12:00:00.000Z)',
      'the head that you gave is record 7',
      'not ended: 4',
      `head: ${audit.head.hash}`,
    ]);
    expect(await say(audit, 'audit head')).toBe(`record 7: ${audit.head.hash}`);
  });

  it.each([
    'record 7: ',
    'head: ',
    ' ',
  ])('takes a head as it was shown, with what stands before it: %j', async (before) => {
    const audit = await filled();
    const shown = await say(audit, 'audit verify', [], { head: `${before}${audit.head.hash}` });
    expect(shown).toContain('the head that you gave is record 7');
  });

  it('says when the head is not there', async () => {
    const shown = await say(await filled(), 'audit verify', [], { head: 'a'.repeat(64) });
    expect(shown).toMatch(/^NOT WHOLE: 7 records/);
    expect(shown).toContain('the end was cut off, or all was written anew');
  });

  it('knows an empty one, and what no head is', async () => {
    expect(await say(memoryAudit(), 'audit verify')).toBe('the audit is empty');
    await expect(say(memoryAudit(), 'audit verify', [], { head: 'abc' })).rejects.toMatchObject({ code: 'usage' });
  });
});
