import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

const env = loopback(unique('history'));
const running: ChildProcess[] = [];

async function start(example: string): Promise<void> {
  const program = fileURLToPath(new URL(`../../dist/examples/${example}.js`, import.meta.url));
  const child = fork(program, { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  running.push(child);
  const [message] = await once(child, 'message');
  expect(message).toBe('ready');
}

afterEach(async () => {
  for (const child of running.splice(0)) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
  }
});

test('what the deployer publishes over mucp, a service that speaks gRPC hears, and tells in chat', async () => {
  await Promise.all([start('history'), start('deploy')]);
  const say = async (typed: string): Promise<string> => {
    const { code, stdout } = await micro(['bot', '--inputs=console'], env, `${typed}\n`);
    expect(code).toBe(0);
    return stdout;
  };
  expect(await say('deployments')).toBe('nothing was deployed yet\n');
  // Each bot looks for the services anew, which may be late to tell it that they are there when the machine is busy.
  await until(async () => /^1\/3 [^]*shop 2 is live in dev\n$/.test(await say('deploy shop --version 2')));
  // An event is on its way when it is published: nobody waits for who hears it.
  await until(async () => (await say('deployments')) === 'shop 2\n');
});
