import { expect, it, onTestFinished } from 'vitest';
import { withResolvers } from '../../src/async/queue.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { newWorld, type World } from '../commands/world.ts';
import { startGreeter } from '../support/greeter.ts';
import { loopback, startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { runVerify, serveDesk } from './verify-world.ts';

const read = { effect: 'read', description: 'Says it again' };

function world(): World {
  const made = newWorld();
  onTestFinished(() => made.close());
  return made;
}

/** Version, example and result of each row. */
const results = (stdout: string): readonly string[] =>
  (stdout.split('\n\n')[0] ?? '')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t'))
    .map(([, version, , example, result]) => `${version} ${example} ${result}`);

it('tries each version that runs, with its own examples under its own rules', async () => {
  const here = world();
  const old = await serveDesk(here, 'billing', { Show: { ...read, command: 'show it', example: 'show it A-17' } });
  const newest = await serveDesk(
    here,
    'billing',
    {
      Show: { description: 'Shows', command: 'show it', example: 'show it B-18 | grep B' },
      Pay: { ...read, command: 'pay', aliases: 'settle', example: 'settle D-20' },
    },
    '1.1.0',
  );
  const { code, stdout } = await runVerify(here, 'billing');
  expect(results(stdout)).toEqual([
    '1.1.0 settle D-20 ok',
    '1.1.0 show it@1.1.0 B-18 | grep B planned: it may change something',
    '1.0.0 show it@1.0.0 A-17 ok',
  ]);
  expect({ code, old, newest }).toEqual({ code: 0, old: ['A-17'], newest: ['D-20'] });
});

it('fails what one version alone has wrong', async () => {
  const here = world();
  await serveDesk(here, 'billing', { Show: { ...read, command: 'show', example: 'show A-17' } }, '2.0.0');
  await serveDesk(here, 'billing', {
    Show: { effect: 'read', command: 'show', example: 'show trouble' },
    Drop: { ...read, command: 'drop', example: 'dropped x' },
  });
  await serveDesk(here, 'billing', { Show: { ...read, command: 'show', example: 'show x', timeout: 'soon' } }, '0.9.0');
  const { code, stdout, stderr } = await runVerify(here, 'billing');
  expect(code).toBe(1);
  expect(stderr).toBe('1 ok, 4 failed\n');
  expect(results(stdout)).toEqual([
    expect.stringMatching(/^0\.9\.0 {2}failed: .*timeout: "soon" is no duration/),
    '1.0.0 dropped x failed: it begins with no command',
    '2.0.0 show@2.0.0 A-17 ok',
    '1.0.0  failed: there is no description',
    expect.stringMatching(/^1\.0\.0 show@1\.0\.0 trouble failed: .*there is trouble$/),
  ]);
});

it('takes an example that names a version as it is', async () => {
  const here = world();
  const example = 'show@1.0.0 A-17';
  await serveDesk(here, 'billing', { Show: { ...read, command: 'show', example } });
  await serveDesk(here, 'billing', { Show: { ...read, command: 'show', example } }, '1.1.0');
  const { stdout } = await runVerify(here, 'billing');
  expect(results(stdout)).toEqual([
    '1.1.0 show@1.0.0 A-17 failed: it leads to show of billing 1.0.0',
    '1.0.0 show@1.0.0 A-17 ok',
  ]);
});

it('shows each example as it ends', async () => {
  const domain = unique('verify');
  const gate = withResolvers<void>();
  onTestFinished(() => gate.resolve());
  const more = [
    {
      name: 'Desk',
      methods: {
        Ask: unary(() => ({ text: 'yes' }), { metadata: { ...read, command: 'ask', example: 'ask' } }),
        Hold: unary(() => gate.promise.then(() => ({ text: 'now' })), {
          metadata: { ...read, command: 'hold', example: 'hold' },
        }),
      },
    },
  ];
  const { stop } = await startGreeter({ domain, more });
  onTestFinished(() => stop());
  const running = startMicro(['verify', 'go.micro.srv.greeter'], loopback(domain));
  await until(() => /^Service\t.*\n.*\task\task\tok\t.*\n$/.test(running.stdout()));
  gate.resolve();
  expect(await running.finished).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\thold\thold\tok\t.*\n\n2 ok\n$/),
  });
});
