import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Greeter, startGreeter } from '../support/greeter.ts';
import { type Finished, loopback, micro, startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

const domain = unique('registry');
let greeter: Greeter;

beforeAll(async () => {
  greeter = await startGreeter({ domain, name: 'greeter' });
});
afterAll(() => greeter.stop());

const run = (args: readonly string[]): Promise<Finished> => micro(args, loopback(domain));

describe('the registry in a terminal', () => {
  it('lists versions and nodes', async () => {
    const { id, address } = greeter.node;
    expect(await run(['list', 'services', '--versions'])).toMatchObject({
      code: 0,
      stdout: 'Service\tVersion\tNodes\ngreeter\t1.0.0\t1\n',
      stderr: '',
    });
    const { stdout } = await run(['list', 'nodes', 'greeter']);
    expect(stdout).toBe(
      `Service\tVersion\tID\tAddress\tMetadata\ngreeter\t1.0.0\t${id}\t${address}\t${'broker=http,multiplex=true,protocol=mucp,registry=mdns,server=mucp,transport=http'.slice(0, 79)}…\n`,
    );
    expect((await run(['registry', 'list', 'nodes'])).stdout).toBe(stdout);
    expect(await run(['list', 'nodes', 'nope'])).toMatchObject({ code: 1, stdout: '', stderr: 'Service not found\n' });
  });

  it('tells its state', async () => {
    const { code, stdout } = await run(['status']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Registry: mdns, answered in \d+ms\nServices: 1\n(?:Nodes: 1\n)?$/);
  });

  it('shows what comes and goes until it is interrupted', async () => {
    const watching = startMicro(['watch', 'services', 'passer-by'], loopback(domain));
    // Nobody says when the watch stands: who comes again and again is seen at last.
    const seen = await until(async () => {
      const passer = await startGreeter({ domain, name: 'passer-by' });
      const { id, address } = passer.node;
      await until(() => watching.stdout().includes(`+ passer-by 1.0.0 ${id} ${address}\n`), 500).catch(() => {});
      await passer.stop();
      return watching.stdout().includes(id) ? passer.node : undefined;
    });
    await until(() => watching.stdout().includes(`- passer-by 1.0.0 ${seen.id} ${seen.address}\n`));
    expect(watching.stdout()).not.toContain('greeter-');
    watching.process.kill('SIGINT');
    expect(await watching.finished).toMatchObject({ code: 130, stderr: '' });
  });

  it('ends when nobody reads any more', async () => {
    const watching = startMicro(['watch', 'services'], loopback(domain));
    let hasEnded = false;
    void watching.finished.then(() => {
      hasEnded = true;
    });
    watching.process.stdout.destroy();
    await until(async () => {
      const passer = await startGreeter({ domain, name: 'passer-by' });
      await until(() => hasEnded, 300).catch(() => {});
      await passer.stop();
      return hasEnded;
    });
    expect(await watching.finished).toMatchObject({ code: 0, stderr: '' });
  });
});
