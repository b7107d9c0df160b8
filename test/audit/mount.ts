import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A disk of its own, which only this test sees. */
export interface SmallDisk {
  /** A folder on it. */
  readonly folder: string;
  /** Mounts it again: `ro`, `rw`, `size=1m`. */
  remount(options: string): void;
}

const asRoot = process.getuid?.() === 0;
const unshare = ['unshare', asRoot ? '-m' : '-rm'] as const;

/** Why there can be none here, if so. */
export function missingMounts(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'micro-mount-'));
  try {
    const [command, ...args] = [...unshare, 'mount', '-t', 'tmpfs', 'none', folder];
    return spawnSync(command, args, { stdio: 'ignore' }).status === 0
      ? undefined
      : 'a file system cannot be mounted (unshare -m)';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function smallDisk(bytes: number): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'micro-disk-'));
  // It is mounted where only this child sees it; we look through its eyes.
  const script = 'mount -t tmpfs -o "size=$1,mode=777" none "$2" && echo mounted && exec sleep 600';
  const [command, flag] = unshare;
  const child: ChildProcess = spawn(command, [flag, 'sh', '-c', script, 'sh', String(bytes), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  if (child.stdout === null) throw new Error('it has no output');
  await once(child.stdout, 'data');
  const { pid } = child;
  return {
    folder: `/proc/${pid}/root${folder}`,
    remount: (options) => {
      const enter = asRoot ? ['-m'] : ['-U', '-m', '--preserve-credentials'];
      execFileSync('nsenter', ['-t', String(pid), ...enter, 'mount', '-o', `remount,${options}`, folder]);
    },
  };
}
