import { beforeEach, describe, expect, it } from 'vitest';
import { type GoService, type Release, releases, serveGo } from '../support/go.ts';
import { type Env, type Finished, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { withGo } from '../support/namespace.ts';

/** Where Go's registry is: its domain, on the one interface there is. */
const env: Env = { MICRO_REGISTRY_ADDRESS: '127.0.0.1', MICRO_SERVER_ADDRESS: '127.0.0.1:0', MICRO_LOG_LEVEL: 'error' };
const run = (...args: readonly string[]): Promise<Finished> => micro(args, env);
const type = (...lines: readonly string[]): Promise<Finished> =>
  micro(['bot', '--inputs=console', `--server_name=${unique('bot')}`], env, lines.map((line) => `${line}\n`).join(''));

/** What a node says of itself: v6 serves no Debug of itself. */
const health = (release: Release): string => (release === 'v6' ? 'unknown' : 'ok');

withGo('micro', () => {
  describe.each(releases)('with a Go service of %s', (release) => {
    let greeter: GoService;

    beforeEach(async () => {
      greeter = await serveGo(release, 'greeter', unique('go.micro.srv.greeter'), { version: '1.2.3' });
    });

    it('bot: lists, gets, calls and health-checks it', async () => {
      const { name, node, address } = greeter;
      const { code, stdout, stderr } = await type(
        'list services',
        `get service ${name}`,
        `call ${name} Say.Hello {"name": "John"}`,
        `call ${name} Echo.Big {"id":9223372036854775807,"amount":1.10000000000000000001,"rest":null}`,
        `call ${name} Say.Fail {"name": "x"}`,
        `health ${name}`,
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.split('\n')).toContain(name);
      const [host, port] = address.split(':');
      expect(stdout).toContain(
        `service  ${name}\n\nversion 1.2.3\n\nID\tAddress\tPort\tMetadata\n${node}\t${host}\t${port}\t`,
      );
      expect(stdout).toContain('Endpoint: Say.Hello');
      expect(stdout).toContain('{\n\t"msg": "Hello John"\n}\n');
      expect(stdout).toContain('"id": 9223372036854775807,\n\t"amount": 1.10000000000000000001,');
      expect(stdout).toContain('no such thing x');
      expect(stdout).toMatch(new RegExp(`^${node}\\t\\t${address}\\t\\t${health(release)}$`, 'm'));
    });

    it('list services', async () => {
      const { code, stdout } = await run('list', 'services');
      expect(code).toBe(0);
      expect(stdout.split('\n')).toContain(greeter.name);
    });

    it('get service', async () => {
      const { code, stdout } = await run('get', 'service', greeter.name);
      expect(code).toBe(0);
      expect(stdout).toContain(`service  ${greeter.name}`);
      expect(stdout).toContain('protocol=mucp');
    });

    it('call keeps digits', async () => {
      const rest = '{"x":123456789012345678901234567890,"y":1e400,"z":-0.0}';
      const body = `{"id":9007199254740993,"amount":0.1000,"rest":${rest}}`;
      const { code, stdout } = await run('call', '--output=raw', greeter.name, 'Echo.Big', body);
      expect(code).toBe(0);
      expect(stdout.trim()).toBe(body);
    });

    it('call fails with the text of the service', async () => {
      const { code, stdout, stderr } = await run('call', greeter.name, 'Say.Fail', '{"name":"x"}');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('no such thing x');
    });

    it('call sends metadata', async () => {
      const { stdout } = await run('call', '--metadata=team=ops', greeter.name, 'Say.Meta');
      expect(JSON.parse(stdout)).toMatchObject({ headers: { Team: 'ops', 'Micro-Bot-Input': 'cli' } });
    });

    it('health and stats ask every node', async () => {
      const other = await serveGo(release, 'greeter', greeter.name, { version: '1.2.3' });
      const healths = await run('health', greeter.name);
      const stats = await run('stats', greeter.name);
      for (const { node, address } of [greeter, other]) {
        expect(healths.stdout).toContain(`${node}\t\t${address}\t\t${health(release)}`);
        const told = release === 'v6' ? '\\t\\t\\t0\\t$' : '.*mb\\t';
        expect(stats.stdout).toMatch(new RegExp(`^${node}\\t\\t${address}\\t\\t${told}`, 'm'));
      }
    });
  });
});
