// `npm start`: two services as processes of their own, and the bot on this console beside them. When the bot leaves, they do.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const services = ['greeter.js', 'deploy.js'].map((file) =>
  fork(here(file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
);
const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
};

await Promise.all(services.map((service) => Promise.race([once(service, 'message'), once(service, 'exit')])));

const env = { MICRO_REGISTRY_ADDRESS: '127.0.0.1', MICRO_LOG_LEVEL: 'warn', MICRO_BOT_STATE: 'none', ...process.env };
const bot = spawn(process.execPath, [here('../../bin/micro.js'), 'bot', '--inputs=console', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
// From now on the bot decides when all of this ends: Ctrl-C reaches it as it reaches us, and other signals are passed on.
process.on('SIGINT', () => {});
process.once('SIGTERM', () => bot.kill('SIGTERM'));

const [code] = (await once(bot, 'exit')) as [number | null];
await Promise.all(services.map(end));
process.exitCode = code ?? 1;
