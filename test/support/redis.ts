import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, freePort, programOf, startDaemon } from './daemon.ts';

const command = 'redis-server';

/** Why no Redis can be started, if so. Debian's package has the command's name. */
export const missingRedis = (): string | undefined =>
  programOf(command) === undefined ? `${command} is not installed` : undefined;

/** A Redis that stores nothing. */
export async function startRedis(args: readonly string[] = []): Promise<Daemon> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'micro-redis-'));
  const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no'];
  return startDaemon({
    command,
    args: [...fixed, ...args],
    hello: 'PING\r\n',
    port,
    cleanUp: () => rm(folder, { recursive: true, force: true }),
  });
}
