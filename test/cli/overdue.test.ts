import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

const module = (path: string): string => JSON.stringify(new URL(`../../dist/src/${path}`, import.meta.url).href);

/** A process that has left, `work` excepted. */
async function run(work: string, patienceMs: number): Promise<readonly unknown[]> {
  const script = `
    import { open } from 'node:fs/promises';
    import { endWhenOverdue } from ${module('cli/overdue.js')};
    import { lazyLog } from ${module('log/lazy.js')};
    endWhenOverdue(lazyLog({ destination: process.stderr, level: 'error', format: 'json', secrets: [] }), ${patienceMs});
    ${work}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [told, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return [code, signal, told.includes('does not end by itself')];
}

it('a process ends though it waits for a disk that hangs, and says why', async () => {
  const pipe = join(mkdtempSync(join(tmpdir(), 'overdue-')), 'hangs');
  execFileSync('mkfifo', [pipe]);
  expect(await run(`void open(${JSON.stringify(pipe)}, 'w');`, 200)).toEqual([null, 'SIGKILL', true]);
});

it('a process that ends by itself is not waited for', async () => {
  expect(await run('', 20_000)).toEqual([0, null, false]);
});
