import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { withServer } from '../../support/needs.ts';
import { serve } from './world.ts';

// scripts/go-peers.mjs builds it.
const program = fileURLToPath(new URL('../../../.cache/go/h2spec', import.meta.url));
const missing = existsSync(program) ? undefined : 'h2spec was not built';

interface Result {
  readonly section: string;
  readonly says: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

/** The results in a report as JUnit writes them. */
function results(xml: string): Result[] {
  const cases = xml.matchAll(/<testcase package="([^"]*)" classname="([^"]*)"[^>]*>([^]*?)<\/testcase>/g);
  return [...cases].map(([, section = '', says = '', body = '']) => ({
    section,
    says,
    outcome: body.includes('<skipped') ? 'skipped' : /<(failure|error)/.test(body) ? 'failed' : 'passed',
  }));
}

withServer(missing, 'h2spec', () => {
  test('finds nothing wrong with a server', async () => {
    const { port } = await serve({
      answer: ({ stream }) => {
        stream.send([':status', '200'], undefined, false);
        stream.write(Buffer.from('what there is'), true);
      },
    });
    const folder = await mkdtemp(join(tmpdir(), 'h2spec-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const report = join(folder, 'report.xml');
    const child = spawn(program, ['-h', '127.0.0.1', '-p', String(port), '-S', '-j', report], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'exit');
    const all = results(await readFile(report, 'utf8'));
    expect(all.length).toBeGreaterThan(140);
    expect(all.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  }, 60_000);
});
