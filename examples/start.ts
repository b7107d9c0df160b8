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

// The bot decides when all of this ends; a signal to us is passed on to it.
process.on('SIGINT', () => {});
await Promise.all(services.map((service) => Promise.race([once(service, 'message'), once(service, 'exit')])));

const env = { MICRO_REGISTRY_ADDRESS: '127.0.0.1', MICRO_SERVER_ADDRESS: '127.0.0.1:0', ...process.env };
const bot = spawn(process.execPath, [here('../../bin/micro.js'), 'bot', '--inputs=console', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
process.once('SIGTERM', () => bot.kill('SIGTERM'));

const [code] = (await once(bot, 'exit')) as [number | null];
await Promise.all(services.map(end));
process.exitCode = code ?? 1;
