import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditCliCommands } from '../../src/audit/cli.ts';
import { shellArguments } from '../../src/cli/arguments.ts';
import type { OptionValues } from '../../src/commands/command.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { about } from '../contract/audit.ts';
import { fill, linesAt, newPath, openAt, putLines, run } from './scene.ts';

/** What stands in the terminal. */
async function micro(
  path: string,
  name: string,
  words: readonly string[] = [],
  options: OptionValues = {},
): Promise<string> {
  const command = auditCliCommands(path).find((each) => each.name === `audit ${name}`);
  const result = command?.run({
    id: 'i',
    args: shellArguments(words),
    options,
    caller: { input: 'cli', room: '', user: 'root' },
    signal: AbortSignal.timeout(10_000),
  });
  if (result === undefined) throw new Error('there is no such command');
  if (!(Symbol.asyncIterator in result)) return renderTerminal(await result);
  const shown: string[] = [];
  for await (const document of result) shown.push(renderTerminal(document));
  return shown.join('\n');
}

describe('micro audit', () => {
  it('verifies, also what is written to just now, and fails for what was changed', async () => {
    const path = newPath();
    const audit = await openAt(path);
    await run(audit, 1, 3);
    expect(await micro(path, 'verify')).toMatch(/^whole: 6 records/);
    expect(await micro('/nowhere', 'verify', [path], { head: audit.head.hash })).toContain(
      'the head that you gave is record 6',
    );
    expect(await micro(path, 'head')).toBe(audit.head.hash);
    await audit.close();
    putLines(path, linesAt(path).toSpliced(2, 1));
    await expect(micro(path, 'verify')).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/^NOT WHOLE: 5 records.*\n.*audit\.ndjson, line 3: record 3 is missing\n/),
    });
  });

  it('exports the lines as they are: they can be verified elsewhere', async () => {
    const path = newPath();
    const audit = await openAt(path, { maxBytes: 2_000 });
    await audit.write({ kind: 'started', ...about('7', { line: 'say "\u001b[2J\u009b\u2028" é' }) });
    await run(audit, 8, 20);
    await audit.close();
    const copy = newPath();
    putLines(copy, (await micro(path, 'export')).split('\n'));
    expect(await micro(copy, 'verify', [], { head: audit.head.hash })).toMatch(/^whole: /);
  });

  it('exports what fits', async () => {
    const path = newPath();
    const audit = await openAt(path);
    await audit.write({ kind: 'started', ...about('1', { person: 'ben' }) });
    await run(audit, 2, 3);
    await audit.write({ kind: 'ended', id: '1', outcome: 'failed', durationMs: 1 });
    await audit.write({ kind: 'denied', ...about('4') });
    await audit.write({ kind: 'started', ...about('5', { person: 'ben' }) });
    const exported = async (...words: readonly string[]): Promise<readonly string[]> =>
      (await micro(path, 'export', words))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { readonly kind: string; readonly id: string })
        .map(({ kind, id }) => `${kind} ${id}`);
    expect(await exported('person=ben')).toEqual(['started 1', 'ended 1', 'started 5']);
    expect(await exported(path, 'outcome=failed')).toEqual(['started 1', 'ended 1']);
    expect(await exported('outcome=denied')).toEqual(['denied 4']);
    expect(await exported('since=0s', 'until=1h')).toEqual([]);
  });

  it('shows a table', async () => {
    const path = newPath();
    await fill(path, 1, 30);
    expect((await micro(path, 'show')).split('\n')).toHaveLength(21);
    expect((await micro(path, 'show', [path, 'id=2'])).split('\n')[0]).toBe('record: started');
    expect((await micro(path, 'show', ['person=ann'], { last: '3' })).split('\n')).toHaveLength(4);
  });

  it('says what is not there, and what is too much', async () => {
    const path = newPath();
    for (const name of ['verify', 'export', 'show', 'head']) {
      await expect(micro(path, name)).rejects.toMatchObject({
        code: 'not_found',
        message: `there is no audit at ${path}`,
      });
      await expect(micro('', name)).rejects.toMatchObject({
        code: 'not_found',
        message: expect.stringMatching(/name its file$/),
      });
    }
    await fill(path, 1, 1);
    await expect(micro(path, 'verify', [path, 'more'])).rejects.toMatchObject({ code: 'usage' });
    await expect(micro(path, 'export', ['who=ann'])).rejects.toMatchObject({ code: 'usage' });
    rmSync(path);
    await expect(micro(path, 'head')).rejects.toMatchObject({ code: 'not_found' });
  });
});
