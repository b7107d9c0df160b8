import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';

const script = fileURLToPath(new URL('../fixtures/greeter.mjs', import.meta.url));
const children: ChildProcess[] = [];

interface Node {
  readonly child: ChildProcess;
  readonly id: string;
  readonly address: string;
}

async function startNode(domain: string, name: string, version: string): Promise<Node> {
  const child = fork(script, [domain, name, version]);
  children.push(child);
  const [{ id, address }] = (await once(child, 'message')) as [{ id: string; address: string }];
  return { child, id, address };
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
});

it('health shows the error of a node that does not answer, and that the other is well', async () => {
  const domain = unique('nodes');
  const [well, stuck] = [await startNode(domain, 'greeter', '1.0.0'), await startNode(domain, 'greeter', '1.0.0')];
  // Stopped, it answers no question of the registry either; the other node's record is enough to see that it was there.
  const before = await micro(['health', 'greeter'], loopback(domain));
  expect(before.stdout.match(/\tok$/gm)).toHaveLength(2);
  stuck.child.kill('SIGSTOP');
  const alone = await micro(
    ['--client_request_timeout=500ms', 'health', '--address', stuck.address, 'greeter'],
    loopback(domain),
  );
  expect(alone).toMatchObject({ code: 1, stdout: '' });
  expect(alone.stderr).toContain('"code":408');
  const rest = await micro(['health', 'greeter'], loopback(domain));
  expect(rest).toMatchObject({ code: 0, stderr: '' });
  expect(rest.stdout).toContain(`${well.id}\t\t${well.address}\t\tok\n`);
});

it('get shows both versions of a service, and its endpoints once', async () => {
  const domain = unique('nodes');
  const [one, two] = [await startNode(domain, 'greeter', '1.0.0'), await startNode(domain, 'greeter', '1.1.0')];
  const { stdout } = await micro(['get', 'service', 'greeter'], loopback(domain));
  expect(stdout.match(/^version .*$/gm)?.sort()).toEqual(['version 1.0.0', 'version 1.1.0']);
  for (const { id } of [one, two]) expect(stdout).toContain(`\n${id}\t127.0.0.1\t`);
  expect(stdout.match(/^Endpoint: Say\.Hello$/gm)).toHaveLength(1);
});
