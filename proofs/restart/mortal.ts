import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A service in a process of its own that is killed and started again at the same address. */
export interface Mortal {
  readonly address: string;
  /** Without a goodbye. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it serves again. */
  restart(): Promise<void>;
  /** How often each call was begun by a handler, by its id. */
  executions(): ReadonlyMap<string, number>;
  remove(): Promise<void>;
}

const script = fileURLToPath(new URL('service.js', import.meta.url));

export async function startMortal(protocol: 'mucp' | 'grpc'): Promise<Mortal> {
  const folder = mkdtempSync(join(tmpdir(), 'micro-restart-'));
  const ledger = join(folder, 'ledger');
  let child: ChildProcess;
  const start = async (at: string): Promise<string> => {
    child = fork(script, [protocol, at, ledger]);
    const gone = once(child, 'exit').then(() => {
      throw new Error('the service ended before it served');
    });
    gone.catch(() => {});
    const [bound] = (await Promise.race([once(child, 'message'), gone])) as [string];
    return bound;
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  const address = await start('127.0.0.1:0');
  return {
    address,
    kill,
    async restart() {
      await start(address);
    },
    executions() {
      const times = new Map<string, number>();
      for (const id of readFileSync(ledger, 'utf8').split('\n').slice(0, -1)) times.set(id, (times.get(id) ?? 0) + 1);
      return times;
    },
    async remove() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}
