import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const module = new URL('../../dist/src/cli/interrupt.js', import.meta.url).href;
/** It is the first process there is, as in a container. */
const alone = [...(process.getuid?.() === 0 ? [] : ['-r']), '-pf', '--kill-child'];

/** How a process ends that hears a second signal while a disk hangs. */
async function twice(program: string, ...args: readonly string[]): Promise<unknown> {
  const cwd = mkdtempSync(join(tmpdir(), 'interrupt-'));
  const pipe = join(cwd, 'hangs');
  execFileSync('mkfifo', [pipe]);
  const script = `
    import { open } from 'node:fs/promises';
    import { onInterrupt } from ${JSON.stringify(module)};
    const { signal } = onInterrupt();
    void open(${JSON.stringify(pipe)}, 'w');
    setInterval(() => {}, 1_000);
    signal.addEventListener('abort', () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 100));
    process.kill(process.pid, 'SIGTERM');`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const child = spawn(program, [...args, ...node], { cwd, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [, signal] = await once(child, 'close');
  return signal;
}

it('a second signal ends a process at once whose disk hangs', async () => {
  expect(await twice('env')).toBe('SIGTERM');
});

it('a second signal also ends the first process of a container', async () => {
  expect(await twice('unshare', ...alone)).not.toBe('SIGKILL');
});
