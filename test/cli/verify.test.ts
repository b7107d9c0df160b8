import { describe, expect, it, onTestFinished } from 'vitest';
import { withResolvers } from '../../src/async/queue.ts';
import { streaming, unary } from '../../src/runtime/server/server.ts';
import { newWorld, type World } from '../commands/world.ts';
import { startGreeter } from '../support/greeter.ts';
import { loopback, micro, startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { runVerify, serveDesk } from './verify-world.ts';

const read = { effect: 'read', description: 'Says it again' };

function world(): World {
  const made = newWorld();
  onTestFinished(() => made.close());
  return made;
}

describe('micro verify', () => {
  it('runs what reads, plans what does not, and shows each with its time', async () => {
    const here = world();
    const asked = await serveDesk(here, 'billing', {
      Show: { ...read, command: 'show', example: 'show A-17' },
      Pay: { description: 'Pays', command: 'pay', example: 'pay B-18' },
      Drop: { ...read, command: 'drop', example: 'drop C-19', scopes: 'admin' },
      Odd: { ...read, command: 'odd' },
    });
    const { code, rows, stdout, stderr } = await runVerify(here, 'billing');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(rows).toEqual([
      ['billing', 'drop', 'drop C-19', 'planned: it is guarded'],
      ['billing', 'odd', '', 'no example'],
      ['billing', 'pay', 'pay B-18', 'planned: it may change something'],
      ['billing', 'show', 'show A-17', 'ok'],
    ]);
    expect(stdout).toMatch(/^Service\tVersion\tCommand\tExample\tResult\tTime\n/);
    expect(stdout).toMatch(/\tok\t[\d.]+m?s\n/);
    expect(stdout).toMatch(/\n\n1 ok, 2 planned, 1 without an example\n$/);
    expect(asked).toEqual(['A-17']);
  });

  it('runs all of them, one after the other, when that is wanted', async () => {
    const here = world();
    const guards = { scopes: 'admin', confirm: 'true', approvals: '2' };
    const asked = await serveDesk(here, 'billing', {
      Pay: { description: 'Pays', command: 'pay', example: 'pay B-18', ...guards },
      Show: { ...read, command: 'show', example: 'show A-17' },
    });
    const { code, rows } = await runVerify(here, 'billing', '--run');
    expect(code).toBe(0);
    expect(rows.map(([, command, , result]) => [command, result])).toEqual([
      ['pay', 'ok'],
      ['show', 'ok'],
    ]);
    expect(asked).toEqual(['B-18', 'A-17']);
  });

  it('says what failed, and ends with 1', async () => {
    const here = world();
    const text = JSON.stringify({ text: { required: true, enum: ['one', 'trouble'] } });
    await serveDesk(here, 'billing', {
      Fail: { ...read, command: 'fail', example: 'fail trouble' },
      Lead: { ...read, command: 'lead', example: 'ping' },
      Lost: { ...read, command: 'lost', example: 'gone now' },
      Miss: { ...read, command: 'miss', example: 'miss', parameters: text },
      Pick: { description: 'Picks', command: 'pick', example: 'pick two', parameters: text },
      Pipe: { ...read, command: 'pipe', example: 'pipe one | nosuch' },
      Quote: { ...read, command: 'quote', example: 'quote "open' },
      Say: { effect: 'read', command: 'say', example: 'say one | grep o' },
    });
    const { code, rows, stderr } = await runVerify(here, 'billing');
    expect(code).toBe(1);
    expect(stderr).toBe('1 ok, 8 failed\n');
    const results = new Map(
      rows.map(([, command = '', example = '', result = '']) => [`${command}: ${example}`, result]),
    );
    const expected: readonly (readonly [string, RegExp])[] = [
      ['fail: fail trouble', /^failed: .*there is trouble$/],
      ['lead: ping', /^failed: it leads to ping of the bot$/],
      ['lost: gone now', /^failed: it begins with no command$/],
      ['miss: miss', /^failed: .*text/],
      ['pick: pick two', /^failed: text: "two" is none of one, trouble/],
      ['pipe: pipe one | nosuch', /^failed: there is no "nosuch" to pipe into/],
      ['quote: quote "open', /^failed: the quote " at column \d+ is never closed/],
      ['say: ', /^failed: there is no description$/],
      ['say: say one | grep o', /^ok$/],
    ];
    expect([...results.keys()].sort()).toEqual(expected.map(([key]) => key).sort());
    for (const [key, result] of expected) expect(results.get(key)).toMatch(result);
  });

  it('tells of metadata that cannot be used, and of names that are taken', async () => {
    const here = world();
    await serveDesk(here, 'billing', {
      Ask: { ...read, command: 'approve', example: 'approve K7QD-2M' },
      Bad: { ...read, command: 'bad', timeout: 'soon' },
      Help: { ...read, command: 'help' },
      Show: { ...read, command: 'show', aliases: 'ping', example: 'show it' },
    });
    const { code, rows } = await runVerify(here, 'billing');
    expect(code).toBe(1);
    expect(rows).toEqual(
      expect.arrayContaining([
        [
          'billing',
          'approve',
          '',
          expect.stringContaining('failed: approve: billing is not reachable under this name'),
        ],
        ['billing', 'bad', '', expect.stringContaining('timeout: "soon" is no duration')],
        ['billing', 'help', '', expect.stringContaining('the bot has it')],
        ['billing', 'ping', '', expect.stringContaining('the bot has it')],
        ['billing', 'show', 'show it', 'ok'],
      ]),
    );
    expect(rows).toHaveLength(5);
  });

  it('follows what streams to its end', async () => {
    const here = world();
    const steps = streaming(
      async function* (requests: AsyncIterable<unknown>): AsyncIterable<{ text: string }> {
        for await (const _ of requests) break;
        yield { text: 'one' };
        yield { text: 'two' };
      },
      { metadata: { ...read, command: 'steps', example: 'steps' } },
    );
    await here.serve('climber', [{ name: 'Climb', methods: { Steps: steps } }]);
    expect((await runVerify(here, 'climber')).rows).toEqual([['climber', 'steps', 'steps', 'ok']]);
  });

  it('looks at several services, or at all that have commands', async () => {
    const here = world();
    for (const name of ['one', 'two']) {
      await serveDesk(here, name, { Show: { ...read, command: `show ${name}`, example: `show ${name} it` } });
    }
    await here.serve('quiet', [{ name: 'Quiet', methods: { Be: unary(() => ({})) } }]);
    const both = [
      ['one', 'show one', 'show one it', 'ok'],
      ['two', 'show two', 'show two it', 'ok'],
    ];
    expect((await runVerify(here, 'one', 'two', 'one')).rows).toEqual(both);
    expect((await runVerify(here, '--all')).rows).toEqual(both);
    expect(await runVerify(here, 'quiet')).toMatchObject({
      code: 1,
      rows: [['quiet', '', '', 'failed: the service has no command']],
    });
  });

  it.each([
    [[], 'which service? micro verify SERVICE, or --all\n'],
    [['one', '--all'], 'which service? micro verify SERVICE, or --all\n'],
    [['nosuch'], 'there is no service nosuch\n'],
    [['--all'], 'no service has commands\n'],
  ])('refuses %j', async (argv, stderr) => {
    expect(await runVerify(world(), ...argv)).toMatchObject({ code: 1, stdout: '', stderr });
  });

  it('runs nothing when one of the services is not there', async () => {
    const here = world();
    const asked = await serveDesk(here, 'one', { Show: { ...read, command: 'show', example: 'show it' } });
    expect(await runVerify(here, 'one', 'nosuch')).toMatchObject({ code: 1, stderr: 'there is no service nosuch\n' });
    expect(asked).toEqual([]);
  });

  it('finds services on the network', async () => {
    const domain = unique('verify');
    const metadata = { ...read, command: 'greet', example: 'greet' };
    const more = [{ name: 'Greet', methods: { Now: unary(() => ({ text: 'hello' }), { metadata }) } }];
    const { stop } = await startGreeter({ domain, more });
    onTestFinished(() => stop());
    const { code, stdout, stderr } = await micro(['verify', 'go.micro.srv.greeter'], loopback(domain));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('\tgreet\tgreet\tok\t');
  });

  it('says that the registry is out of reach', async () => {
    const { code, stdout, stderr } = await micro([
      '--registry=consul',
      '--registry_address=127.0.0.1:1',
      'verify',
      'x',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^the registry is out of reach: .+\n$/);
  });

  it('ends when it is interrupted', async () => {
    const domain = unique('verify');
    const began = withResolvers<void>();
    const metadata = { ...read, command: 'hang', example: 'hang' };
    const hang = unary(
      () => {
        began.resolve();
        return new Promise(() => {});
      },
      { metadata },
    );
    const { stop } = await startGreeter({ domain, more: [{ name: 'Hang', methods: { On: hang } }] });
    onTestFinished(() => stop());
    const running = startMicro(['verify', 'go.micro.srv.greeter'], loopback(domain));
    await began.promise;
    running.process.kill('SIGINT');
    expect(await running.finished).toMatchObject({ code: 130, stdout: '' });
  });
});
