import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KeptAudit } from '../../src/audit/kept.ts';
import { newPath, openAt } from './scene.ts';

const holder = fileURLToPath(new URL('holder.mjs', import.meta.url));

/** A process that has the audit open. */
async function hold(
  path: string,
): Promise<{ readonly pid: number | undefined; kill(signal: NodeJS.Signals): Promise<void> }> {
  const child = fork(holder, [path]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return {
    pid: child.pid,
    async kill(signal) {
      const gone = once(child, 'exit');
      child.kill(signal);
      if (signal === 'SIGKILL') await gone;
    },
  };
}

const locks = (path: string): readonly string[] => readdirSync(dirname(path)).filter((name) => name.includes('.lock-'));

describe('an audit that is written to', () => {
  it('is nobody else’s: who has it is told', async () => {
    const path = newPath();
    const child = await hold(path);
    await expect(openAt(path)).rejects.toMatchObject({
      code: 'in_use',
      message: `${path} is written to by the process ${child.pid}`,
    });
    expect(locks(path)).toHaveLength(1);
  });

  it('is free as soon as its process was killed, whatever that left behind', async () => {
    const path = newPath();
    for (let turn = 0; turn < 3; turn += 1) await (await hold(path)).kill('SIGKILL');
    const audit = await openAt(path);
    expect(locks(path)).toHaveLength(1);
    await audit.close();
    expect(locks(path)).toEqual([]);
  });

  it('is not free because its process does not answer', async () => {
    const path = newPath();
    const child = await hold(path);
    await child.kill('SIGSTOP');
    await expect(openAt(path)).rejects.toMatchObject({
      code: 'in_use',
      message: `${path} is written to by another process`,
    });
  });

  it('goes to one of many who want it at the same moment', async () => {
    const path = newPath();
    await (await hold(path)).kill('SIGKILL');
    const tries = await Promise.allSettled(Array.from({ length: 12 }, () => openAt(path)));
    const won = tries.flatMap((each): readonly KeptAudit[] => (each.status === 'fulfilled' ? [each.value] : []));
    expect(won).toHaveLength(1);
    const reasons = tries.flatMap((each): readonly unknown[] => (each.status === 'rejected' ? [each.reason] : []));
    expect(reasons).toEqual(Array(11).fill(expect.objectContaining({ code: 'in_use' })));
    await won[0]?.close();
    await openAt(path);
  });

  it('may stand in a folder with a long name', async () => {
    const folder = join(dirname(newPath()), 'long'.repeat(40));
    mkdirSync(folder);
    const path = join(folder, 'audit.ndjson');
    const child = await hold(path);
    await expect(openAt(path)).rejects.toMatchObject({ code: 'in_use' });
    await child.kill('SIGKILL');
    await openAt(path);
  });
});
