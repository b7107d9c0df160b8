import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Node } from '../../src/discovery/registry.ts';
import { shape } from '../../src/runtime/schema.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import { startConsoleBot } from '../support/console-bot.ts';
import { micro, startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { withServer } from '../support/needs.ts';
import { type Backend, backends } from '../support/registries.ts';
import { until } from '../support/until.ts';

interface Served extends Node {
  stop(): Promise<void>;
}

describe.each(backends)('the bot and the command line on $driver', ({ driver, missing, start }) => {
  withServer(missing, 'with a server', () => {
    let backend: Backend;
    const running = new Set<Served>();

    beforeAll(async () => {
      backend = await start();
    });
    afterEach(async () => {
      for (const each of running) await each.stop();
    });
    afterAll(() => backend.stop());

    /** A greeter with a command. It registers again and again, as services do. */
    const serve = async (name: string, version: string, command: string): Promise<Served> => {
      const registry = backend.open();
      const transport = httpTransport();
      const often = { registerTtlMs: 20_000, registerIntervalMs: 500 };
      const server = newServer({ registry, transport, name, version, address: '127.0.0.1:0', ...often });
      const method = unary(({ name: who = '' }: { name?: string }) => ({ msg: `Hello ${who}` }), {
        request: shape('Request', { name: 'string' }),
        response: shape('Response', { msg: 'string' }),
        metadata: { command },
      });
      server.handle({ name: 'Say', methods: { Hello: method } });
      await server.start();
      const [node] = server.record.nodes;
      if (node === undefined) throw new Error('the service has no node');
      const served: Served = {
        ...node,
        async stop() {
          if (!running.delete(served)) return;
          await server.stop();
          await registry.close();
        },
      };
      running.add(served);
      return served;
    };
    const run = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await micro(args, backend.env);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
      return stdout;
    };

    it('lists, shows, asks and calls', async () => {
      const nodes = [await serve('greeter', '1.0.0', 'greet'), await serve('greeter', '1.1.0', 'greet')];
      const other = await serve('other', '2', 'other');
      const [names, versions, listed, shown, health, called, status] = await Promise.all([
        run('list', 'services'),
        run('list', 'services', '--versions'),
        run('list', 'nodes', 'greeter'),
        run('get', 'service', 'greeter'),
        run('health', 'greeter'),
        run('call', 'greeter', 'Say.Hello', '{"name": "John"}'),
        run('status'),
      ]);
      expect(names).toBe('greeter\nother\n');
      expect(versions.split('\n').toSorted()).toEqual(
        ['Service\tVersion\tNodes', 'greeter\t1.0.0\t1', 'greeter\t1.1.0\t1', 'other\t2\t1', ''].toSorted(),
      );
      expect(listed).not.toContain(other.id);
      expect(shown.match(/^version .*$/gm)?.toSorted()).toEqual(['version 1.0.0', 'version 1.1.0']);
      expect(shown.match(/^Endpoint: Say\.Hello\nMetadata: command=greet,stream=false$/gm)).toHaveLength(1);
      for (const { id, address } of nodes) {
        expect(listed).toContain(`\t${id}\t${address}\t`);
        expect(shown).toContain(`\n${id}\t${address.replace(':', '\t')}\t`);
        expect(health).toContain(`\n${id}\t\t${address}\t\tok\n`);
      }
      expect(called).toBe('{\n\t"msg": "Hello John"\n}\n');
      expect(status).toMatch(new RegExp(`^Registry: ${driver}, answered in \\d+ms\\nServices: 2\\n(?:Nodes: 3\\n)?$`));
      expect(await micro(['get', 'service', 'nope'], backend.env)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'Service not found\n',
      });
    }, 60_000);

    it('keeps what is registered by hand, or says that it does not', async () => {
      const foo = '{"name": "foo", "version": "bar", "nodes": [{"id": "foo-1", "address": "127.0.0.1", "port": 8080}]}';
      const said = await run('register', 'service', foo);
      const found = await micro(['get', 'service', 'foo'], backend.env);
      if (['etcd', 'consul', 'kubernetes'].includes(driver)) {
        expect(said).toBe('ok\n');
        expect(found.stdout).toContain('\nversion bar\n');
        expect(found.stdout).toContain('\nfoo-1\t127.0.0.1\t8080\t');
      } else {
        expect(said).toBe(`ok, until this process ends: ${driver} keeps nothing\n`);
        expect(found).toMatchObject({ code: 1, stdout: '', stderr: 'Service not found\n' });
      }
      expect(await run('deregister', 'service', foo)).toBe('ok\n');
      expect(await micro(['get', 'service', 'foo'], backend.env)).toMatchObject({ stderr: 'Service not found\n' });
    }, 60_000);

    it('shows what comes and goes, and that the registry is lost and back', async () => {
      const watching = startMicro(['watch', 'services'], backend.env);
      const seen = await until(async () => {
        const passer = await serve('passer', '1', 'pass');
        await until(() => watching.stdout().includes(`+ passer 1 ${passer.id} ${passer.address}\n`), 1000).catch(
          () => {},
        );
        await passer.stop();
        return watching.stdout().includes(passer.id) ? passer : undefined;
      }, 30_000);
      await until(() => watching.stdout().includes(`- passer 1 ${seen.id} ${seen.address}\n`));
      // A file that is broken is no outage: what was in it stays.
      if (driver !== 'static') {
        await backend.down();
        await until(() => /^! the registry is out of reach since .*: .*/m.test(watching.stdout()), 30_000);
        await backend.up();
        await until(() => /^! back after \S+$/m.test(watching.stdout()), 30_000);
      }
      watching.process.kill('SIGINT');
      expect(await watching.finished).toMatchObject({ code: 130, stderr: '' });
    }, 90_000);

    it('goes on through outages, the first of which was there before the bot, and logs each once', async () => {
      await backend.down();
      const often = { MICRO_REGISTER_INTERVAL: '1', MICRO_REGISTER_TTL: '20' };
      const bot = await startConsoleBot({ domain: unique('outage'), env: { ...backend.env, ...often } });
      expect(await bot.say('ping')).toBe('pong\n');
      expect(await bot.say('status')).toContain(`Registry: ${driver}, starting since `);
      expect(await bot.say('list services')).toMatch(/^error executing cmd: the registry is out of reach: ./);

      await backend.up();
      const [{ id }] = [await serve('greeter', '1.0.0', 'greet')];
      await until(async () => (await bot.say('greet John')) === 'Hello John\n', 30_000);
      // It is a service itself, as soon as it can be.
      if (driver !== 'static') await until(async () => (await bot.say('list services')).includes('go.micro.bot\n'));

      await backend.down();
      if (driver !== 'static') {
        await until(async () => (await bot.say('status')).includes(', stale since '), 30_000);
        const note = /\n\nThe registry is out of reach since .*: this is what was known\.\n$/;
        for (const command of ['list services', 'list nodes', 'get service greeter', 'health greeter'])
          expect(await bot.say(command)).toMatch(note);
        await until(async () => (await bot.say('help')).includes('\n\nThe registry is out of reach'));
      } else await until(() => bot.stderr().match(/"level":"warn"/g)?.length === 2);
      expect(await bot.say('list nodes greeter')).toContain(id);
      expect(await bot.say('greet John')).toBe('Hello John\n');

      await backend.up();
      await until(async () => /, connected since /.test(await bot.say('status')), 30_000);
      await serve('payer', '1', 'pay');
      await until(async () => (await bot.say('pay John')) === 'Hello John\n', 30_000);
      bot.process.kill('SIGTERM');
      const { code, stderr } = await bot.finished;
      expect(code).toBe(0);
      const lines = stderr
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly level: string; readonly msg: string });
      const ordinary = /^(?:serving|ready|stopped|left)$/;
      expect(
        lines.filter(({ msg }) => !ordinary.test(msg)).map(({ level }) => level),
        stderr,
      ).toEqual(['warn', 'info', 'warn', 'info']);
    }, 120_000);
  });
});
