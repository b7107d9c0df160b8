import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, freePort, programOf, startDaemon } from './daemon.ts';

const command = 'mosquitto';

/** Why no MQTT server can be started, if so. Debian's package has the command's name. */
export const missingMosquitto = (): string | undefined =>
  programOf(command) === undefined ? `${command} is not installed` : undefined;

/** MQTT 3.1.1: connect, clean, without an id. */
const hello = '\x10\x0c\x00\x04MQTT\x04\x02\x00\x05\x00\x00';

/** An MQTT server that stores nothing. `settings` are further lines of its configuration. */
export async function startMosquitto(settings: readonly string[] = ['allow_anonymous true']): Promise<Daemon> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'micro-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  const user = process.getuid?.() === 0 ? ['user root'] : [];
  await writeFile(file, [`listener ${port} 127.0.0.1`, 'persistence false', ...user, ...settings, ''].join('\n'));
  return startDaemon({
    command,
    args: ['-c', file],
    hello,
    port,
    cleanUp: () => rm(folder, { recursive: true, force: true }),
  });
}
