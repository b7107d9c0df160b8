import { assert, integer, nat, pre, property, shuffledSubarray } from 'fast-check';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryAudit } from '../../src/audit/memory.ts';
import { type AuditReport, createCheck } from '../../src/audit/verify.ts';
import { about } from '../contract/audit.ts';

const count = 12;
let lines: readonly string[] = [];

beforeAll(async () => {
  const audit = memoryAudit();
  for (let id = 1; id <= count; id += 1) await audit.write({ kind: 'denied', ...about(String(id)) });
  lines = (await audit.find({}, count)).map((record) => JSON.stringify(record));
});

const check = (them: readonly string[], head?: string): AuditReport => {
  const checking = createCheck(head);
  for (const [index, line] of them.entries()) checking.take('f', index + 1, line);
  return checking.report('f');
};

/** As somebody would write it who knows how: with a hash of its own. */
function forge(line: string, changes: Readonly<Record<string, unknown>>): string {
  const { hash: _, ...record } = JSON.parse(line) as Record<string, unknown>;
  const body = JSON.stringify({ ...record, ...changes });
  return `${body.slice(0, -1)},"hash":"${createHash('sha256').update(body).digest('hex')}"}`;
}
const hashOf = (line = ''): string => (JSON.parse(line) as { readonly hash: string }).hash;
const at = (index: number): string => lines[index] ?? '';

const told = (report: AuditReport): readonly string[] =>
  report.breaks.map(
    ({ kind, line, seq, count: many }) => `${kind} line ${line} seq ${seq}${many > 1 ? ` and ${many - 1} more` : ''}`,
  );

describe('where the chain breaks', () => {
  it('nowhere, as long as nobody touched it', () => {
    expect(check(lines)).toMatchObject({ records: count, breaks: [], isWhole: true });
  });

  it.each<[string, () => readonly string[], readonly string[]]>([
    ['a record was changed', () => lines.with(4, at(4).replace('"ann"', '"ben"')), ['changed line 5 seq 5']],
    [
      'its hash was changed',
      () => lines.with(4, at(4).replace(hashOf(at(4)), 'f'.repeat(64))),
      ['changed line 5 seq 5'],
    ],
    [
      'a record was changed and hashed anew',
      () => lines.with(4, forge(at(4), { person: 'ben' })),
      ['changed line 5 seq 5'],
    ],
    ['the first was', () => lines.with(0, forge(at(0), { previous: 'f'.repeat(64) })), ['changed line 1 seq 1']],
    ['a record was taken out', () => lines.toSpliced(4, 1), ['missing line 5 seq 5']],
    ['several were', () => lines.toSpliced(4, 3), ['missing line 5 seq 5 and 2 more']],
    ['the first ones were', () => lines.slice(3), ['missing line 1 seq 1 and 2 more']],
    ['two were exchanged', () => lines.with(4, at(5)).with(5, at(4)), ['moved line 5 seq 6']],
    ['one was moved down', () => lines.toSpliced(2, 1).toSpliced(6, 0, at(2)), ['moved line 7 seq 3']],
    ['one was moved up', () => lines.toSpliced(6, 1).toSpliced(2, 0, at(6)), ['moved line 3 seq 7']],
    ['one is there twice', () => lines.toSpliced(6, 0, at(2)), ['inserted line 7 seq 3']],
    [
      'one was put in, chained to the one before',
      () => lines.toSpliced(5, 0, forge(at(5), { person: 'ben', previous: hashOf(at(4)) })),
      ['inserted line 6 seq 6'],
    ],
    [
      'one was put in with a number far ahead',
      () => lines.toSpliced(5, 0, forge(at(5), { seq: 900, previous: hashOf(at(4)) })),
      ['inserted line 6 seq 900'],
    ],
    ['a line was garbled', () => lines.with(4, 'nothing'), ['unreadable line 5 seq 0']],
    ['a line was put in', () => lines.toSpliced(4, 0, ''), ['unreadable line 5 seq 0']],
    [
      'two things were done',
      () => lines.with(1, at(1).replace('"ann"', '"ben"')).toSpliced(7, 2),
      ['changed line 2 seq 2', 'missing line 8 seq 8 and 1 more'],
    ],
  ])('%s', (_, tamper, breaks) => {
    const report = check(tamper());
    expect(told(report)).toEqual(breaks);
    expect(report.isWhole).toBe(false);
  });

  it('the end was cut off: only who kept a head knows', () => {
    const cut = lines.slice(0, -2);
    expect(check(cut)).toMatchObject({ isWhole: true });
    expect(check(cut, hashOf(lines.at(-1)))).toMatchObject({ isWhole: false, found: undefined });
    expect(check(cut, hashOf(lines[3]))).toMatchObject({ isWhole: true, found: 4 });
  });

  it('all was written anew: only who kept a head knows', () => {
    let previous = '0'.repeat(64);
    const anew = lines.toSpliced(3, 1).map((line, index) => {
      const forged = forge(line, { seq: index + 1, previous });
      previous = hashOf(forged);
      return forged;
    });
    expect(check(anew)).toMatchObject({ isWhole: true });
    expect(check(anew, hashOf(lines.at(-1)))).toMatchObject({ isWhole: false });
  });

  it('no change of a byte is overlooked', () => {
    assert(
      property(nat(count - 1), nat(), integer({ min: 32, max: 126 }), (index, place, code) => {
        const line = at(index);
        const where = place % line.length;
        const changed = line.slice(0, where) + String.fromCharCode(code) + line.slice(where + 1);
        pre(changed !== line);
        const report = check(lines.with(index, changed));
        expect(report.isWhole).toBe(false);
        expect(report.breaks.every((each) => each.line === index + 1 || each.line === index + 2)).toBe(true);
      }),
    );
  });

  it('no other order, and nothing less, is taken for the whole', () => {
    const some = shuffledSubarray([...Array(count).keys()], { minLength: 1 });
    assert(
      property(some, (order) => {
        // What is cut off at the end needs a head.
        pre(order.some((index, place) => index !== place));
        expect(check(order.map(at)).isWhole).toBe(false);
      }),
    );
  });

  it('does not fill the memory with what is wrong', () => {
    const junk = Array.from({ length: 5_000 }, () => 'junk');
    expect(check([...lines, ...junk]).breaks.length).toBeLessThanOrEqual(2_000);
  });
});
