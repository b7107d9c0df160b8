import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { unique } from '../support/name.ts';
import { processesWith } from '../support/processes.ts';
import { until } from '../support/until.ts';

const mark = unique('start');
let child: ChildProcess | undefined;

function npmStart(): ChildProcess & { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream } {
  const started = spawn('npm', ['start', '--silent'], {
    env: { ...process.env, MICRO_MDNS_DOMAIN: mark, MICRO_TEST_MARK: mark },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = started;
  return started;
}

afterEach(() => {
  for (const pid of processesWith(`MICRO_TEST_MARK=${mark}`)) process.kill(pid, 'SIGKILL');
});

test('piped lines are answered by services that really run, and nothing stays behind', async () => {
  const { stdin, stdout } = npmStart();
  stdin.end(
    'list services\ncall greeter Say.Hello {"name": "John"}\nhelp\ngreet Jane\ndeploy billing --version 1.2.0\n',
  );
  const [output, [code]] = await Promise.all([text(stdout), once(child as ChildProcess, 'exit')]);

  expect(code).toBe(0);
  expect(output).toMatch(/^deployer\ngo\.micro\.bot\ngreeter\n/);
  expect(output).toContain('{\n\t"msg": "Hello John"\n}\n');
  expect(output).toContain('list services - Returns a list of registered services\n');
  expect(output).toContain('greet [name] - Greets somebody\n');
  expect(output).toContain('\nHello Jane\n');
  expect(output).toContain(
    '1/3 pulling the image\n2/3 starting new nodes\n3/3 draining old nodes\nbilling 1.2.0 is live in dev\n',
  );
  expect(processesWith(`MICRO_TEST_MARK=${mark}`)).toEqual([]);
});

test('the services leave even when the program that started them is killed', async () => {
  const { stdin, stdout } = npmStart();
  stdin.write('ping\n');
  await once(stdout, 'data');
  const pids = processesWith(`MICRO_TEST_MARK=${mark}`);
  expect(pids.length).toBeGreaterThanOrEqual(4);
  for (const pid of pids.slice(0, 3)) process.kill(pid, 'SIGKILL');
  stdin.end();
  await until(() => processesWith(`MICRO_TEST_MARK=${mark}`).length === 0);
});
