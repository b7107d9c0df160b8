import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Daemon, freePort, programOf, startDaemon } from './daemon.ts';

const command = 'rabbitmq-server';

/** Why no RabbitMQ can be started, if so. Debian's package has the command's name. */
export const missingRabbitmq = (): string | undefined =>
  programOf(command) === undefined ? `${command} is not installed` : undefined;

/** AMQP 0-9-1's protocol header. */
const hello = 'AMQP\x00\x00\x09\x01';

/** A RabbitMQ of its own; takes some seconds. */
export async function startRabbitmq(): Promise<Daemon> {
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'micro-rabbitmq-'));
  await writeFile(
    join(folder, 'rabbitmq.conf'),
    `listeners.tcp.local = 127.0.0.1:${port}\nlog.console = true\nlog.file = false\n`,
  );
  await writeFile(join(folder, 'enabled_plugins'), '[].\n');
  return startDaemon({
    command,
    args: [],
    env: {
      HOME: folder,
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_NODENAME: `t${port}@localhost`,
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      ERL_CRASH_DUMP: join(folder, 'crash.dump'),
      ERL_EPMD_PORT: String(mapper),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    },
    hello,
    port,
    async cleanUp() {
      // Erlang's port mapper went its own way when it was started.
      const killed = spawn('epmd', ['-port', String(mapper), '-kill'], { stdio: 'ignore' });
      await Promise.race([once(killed, 'exit'), once(killed, 'error')]);
      await rm(folder, { recursive: true, force: true });
    },
  });
}
