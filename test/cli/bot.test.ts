import { afterEach, describe, expect, it } from 'vitest';
import type { Context } from '../../src/runtime/context.ts';
import { type Handler, unary } from '../../src/runtime/server/server.ts';
import { startConsoleBot } from '../support/console-bot.ts';
import { type Greeter, startGreeter } from '../support/greeter.ts';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function greeter(domain: string, more: readonly Handler[] = []): Promise<Greeter> {
  const started = await startGreeter({ domain, name: 'greeter', more });
  stops.push(started.stop);
  return started;
}

/** Holds every call until it is let go. */
function gate(): { readonly handler: Handler; readonly waiting: () => number; readonly open: () => void } {
  let open = (): void => {};
  let waiting = 0;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const wait = async (_: unknown, { signal }: Context): Promise<object> => {
    waiting += 1;
    await Promise.race([opened, new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))]);
    return { msg: 'through the gate' };
  };
  return { handler: { name: 'Gate', methods: { Wait: unary(wait) } }, waiting: () => waiting, open: () => open() };
}

describe('micro bot --inputs=console', () => {
  it('answers piped lines one after the other and leaves at their end', async () => {
    const domain = unique('bot');
    await greeter(domain);
    const lines = ['list services', 'call greeter Say.Hello {"name": "John"}', 'get service nope', 'ping'];
    const { code, stdout, stderr } = await micro(
      ['bot', '--inputs=console'],
      loopback(domain),
      `${lines.join('\n')}\n`,
    );
    expect(code).toBe(0);
    expect(stdout).toBe(
      'go.micro.bot\ngreeter\n{\n\t"msg": "Hello John"\n}\nerror executing cmd: Service not found\npong\n',
    );
    for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
    expect((await micro(['list', 'services'], loopback(domain))).stdout).toBe('greeter\n');
  });

  it('is a service itself: it is listed, answers health, and is gone when it left', async () => {
    const domain = unique('bot');
    const bot = await startConsoleBot({ domain, args: ['--server_name=go.micro.other', '--server_metadata=team=ops'] });
    expect((await micro(['list', 'services'], loopback(domain))).stdout).toBe('go.micro.other\n');
    expect((await micro(['health', 'go.micro.other'], loopback(domain))).stdout).toMatch(/\tok\n$/);
    expect((await micro(['get', 'service', 'go.micro.other'], loopback(domain))).stdout).toContain('team=ops');
    bot.process.stdin.end();
    expect(await bot.finished).toMatchObject({ code: 0, stdout: '' });
    expect((await micro(['list', 'services'], loopback(domain))).stdout).toBe('\n');
  });

  it('tells the registry what its flags say', async () => {
    const domain = unique('bot');
    await startConsoleBot({
      domain,
      args: ['--server_id=one', '--server_version=9.9', '--server_advertise=127.0.0.1:4242'],
    });
    const { stdout } = await micro(['get', 'service', 'go.micro.bot'], loopback(domain));
    expect(stdout).toContain('\nversion 9.9\n');
    expect(stdout).toContain('\ngo.micro.bot-one\t127.0.0.1\t4242\t');
  });

  it('takes a service that comes for a command, and forgets it when it goes', async () => {
    const domain = unique('bot');
    const bot = await startConsoleBot({ domain });
    const greet = unary(({ name = '' }: { name?: string }) => ({ msg: `Hi ${name}` }), {
      request: { value: { name: 'Request', type: 'Request', values: [{ name: 'name', type: 'string', values: [] }] } },
      metadata: { command: 'greet', description: 'Greets somebody' },
    });
    const service = await greeter(domain, [{ name: 'Greet', methods: { Run: greet } }]);
    await until(async () => (await bot.say('greet Ann')) === 'Hi Ann\n');
    await service.stop();
    await until(async () => (await bot.say('greet Bob')).startsWith('unknown command'));
  });
});

describe('a bot that is told to end', () => {
  it.each([
    'SIGTERM',
    'SIGINT',
  ] as const)('%s: running work is answered, the registry is clean, the code is 0', async (signal) => {
    const domain = unique('bot');
    const { handler, waiting, open } = gate();
    await greeter(domain, [handler]);
    const bot = await startConsoleBot({ domain });
    bot.type('call greeter Gate.Wait\nping\n');
    await until(() => waiting() === 1);
    bot.process.kill(signal);
    await until(async () => (await micro(['list', 'services'], loopback(domain))).stdout === 'greeter\n');
    open();
    const { code, stdout } = await bot.finished;
    expect(code).toBe(0);
    expect(stdout).toContain('"msg": "through the gate"');
  });

  it('a second signal ends it at once', async () => {
    const domain = unique('bot');
    const { handler, waiting } = gate();
    await greeter(domain, [handler]);
    const bot = await startConsoleBot({ domain });
    bot.type('call greeter Gate.Wait\n');
    await until(() => waiting() === 1);
    bot.process.kill('SIGTERM');
    await until(async () => (await micro(['list', 'services'], loopback(domain))).stdout === 'greeter\n');
    bot.process.kill('SIGTERM');
    expect((await bot.finished).signal).toBe('SIGTERM');
  });
});

describe('the log of a bot', () => {
  it('has the level of the flag before the one of the variable', async () => {
    const quiet = await micro(['bot'], {
      ...loopback(unique('bot')),
      MICRO_BOT_INPUTS: 'console',
      MICRO_LOG_LEVEL: 'error',
    });
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
    const args = ['bot', '--log_level=INFO', '--inputs=,console,'];
    const loud = await micro(args, { ...loopback(unique('bot')), MICRO_LOG_LEVEL: 'error' });
    expect(loud.stderr).toContain('"ready"');
  });

  it('names each input once, as it is opened once', async () => {
    const { stderr } = await micro(['bot', '--inputs=console,console'], loopback(unique('bot')));
    expect(stderr).toContain('"inputs":["console"]');
  });

  it('is for people when asked', async () => {
    const { stderr } = await micro(['bot', '--inputs=console', '--log_format=pretty'], loopback(unique('bot')));
    expect(stderr).toMatch(/^\[\d\d:\d\d:\d\d\.\d+\] INFO: ready\n {4}service: /m);
  });

  it('shows no secret of the environment', async () => {
    const env = { MICRO_SERVER_NAME: 'svc-s3cr3t', MICRO_CHAT_TOKEN: 's3cr3t' };
    const { code, stderr } = await micro(['bot', '--inputs=console'], { ...loopback(unique('bot')), ...env });
    expect(code).toBe(0);
    expect(stderr).toContain('svc-[secret]');
    expect(stderr).not.toContain('s3cr3t');
  });
});
