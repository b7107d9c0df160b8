import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { failure, hello, newWorld } from '../world.ts';

/** A server in a process of its own, so that it can be stopped like a real one; it answers everything with `{"from":"it"}`. */
async function process(): Promise<{ readonly address: string; readonly kill: (signal: NodeJS.Signals) => void }> {
  const script = `
    const server = require('node:net').createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: 13\\r\\n\\r\\n{"from":"it"}'));
    });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(globalThis.process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { address: `127.0.0.1:${port.toString().trim()}`, kill: (signal) => void child.kill(signal) };
}

const ask = { service: 'greeter', endpoint: 'Greeter.Hello' };

test('a process that is stopped answers with a 408, and with an answer when it goes on', async () => {
  const { address, kill } = await process();
  const client = newWorld().client();
  await expect(client.call(ask, { address })).resolves.toEqual({ from: 'it' });
  kill('SIGSTOP');
  expect(await failure(client.call(ask, { address, timeoutMs: 100 }))).toMatchObject({
    id: 'go.micro.client',
    code: 408,
  });
  kill('SIGCONT');
  await expect(client.call(ask, { address })).resolves.toEqual({ from: 'it' });
});

test('a process that is killed with a call on it costs that call one attempt', async () => {
  const world = newWorld();
  const other = await world.serve({ Hello: hello });
  const { address, kill } = await process();
  const dead = { id: 'dead', address, metadata: {} };
  const client = world.client({ lookup: () => [{ ...other.record, nodes: [dead, ...other.record.nodes] }] });
  await client.call(ask, { address });
  kill('SIGSTOP');
  const calls = Array.from({ length: 10 }, () => client.call(ask));
  kill('SIGKILL');
  for (const answer of await Promise.all(calls)) expect(answer).toEqual({ msg: 'Hello ' });
});
