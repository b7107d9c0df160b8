import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsoleBot } from '../support/console-bot.ts';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { missingNats, type Nats, startNats } from '../support/nats.ts';
import { authority, type Identity } from '../support/tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'transports-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const identity = (name: string, { cert, key }: Identity): readonly string[] => [
  `--transport_cert=${file(`${name}.pem`, cert)}`,
  `--transport_key=${file(`${name}.key`, key)}`,
];
let nats: Nats | undefined;
let ca = '';
let certified: readonly string[] = [];
let both: readonly string[] = [];
let key = '';

beforeAll(async () => {
  if (missingNats() === undefined) nats = await startNats();
  const { ca: text, server, both: peer } = authority();
  ca = file('ca.pem', text);
  ({ key } = server);
  certified = identity('server', server);
  both = identity('both', peer);
});
afterAll(async () => {
  await nats?.stop();
  rmSync(folder, { recursive: true });
});

/** Starts a bot, and asks it, as the service it is, for its health. */
async function healthOf(bot: readonly string[], asking: readonly string[]): Promise<string> {
  const domain = unique('transport');
  const running = await startConsoleBot({ domain, args: bot });
  const { stdout } = await micro(['health', 'go.micro.bot', ...asking], loopback(domain));
  expect(await running.say('health go.micro.bot')).toMatch(/\tok\n$/);
  running.process.stdin.end();
  expect((await running.finished).code).toBe(0);
  return stdout;
}

describe('micro bot and micro health over', () => {
  it.each([
    ['grpc as protocol', ['--server=grpc'], []],
    ['grpc as transport', ['--transport=grpc'], ['--transport=grpc']],
    ['websocket', ['--transport=websocket'], ['--transport=websocket']],
  ])('%s', async (_, bot, asking) => {
    expect(await healthOf(bot, asking)).toMatch(/\tok\n$/);
  });

  // mDNS holds hosts and ports only, and a node on NATS has neither.
  it.skipIf(missingNats() !== undefined)('nats', async () => {
    const flags = ['--registry=memory', '--transport=nats', `--transport_address=${nats?.url ?? ''}`];
    const bot = await startConsoleBot({ domain: unique('transport'), args: flags });
    const { address } = JSON.parse(
      bot
        .stderr()
        .split('\n')
        .find((line) => line.includes('"ready"')) ?? '',
    ) as {
      readonly address: string;
    };
    expect(address).toMatch(/^_INBOX\./);
    expect(await bot.say('health go.micro.bot')).toMatch(/\tok\n$/);
    expect((await micro(['health', 'go.micro.bot', `--address=${address}`, ...flags])).stdout).toBe('ok\n');
  });

  it.each([
    [['--transport=http']],
    [['--transport=grpc']],
    [['--transport=websocket']],
    [['--server=grpc']],
  ])('TLS with %j: who is trusted is asked, who is not is not', async (flags) => {
    const secure = [...flags, '--transport_secure'];
    const bot = [...secure, `--transport_ca=${ca}`, ...certified];
    expect(await healthOf(bot, [...secure, `--transport_ca=${ca}`])).toMatch(/\tok\n$/);
    expect(await healthOf(bot, secure)).toMatch(/certificate/i);
    expect(await healthOf(bot, [...secure, '--transport_insecure'])).toMatch(/\tok\n$/);
  });

  it('TLS with a certificate of its own, for who asks for it', async () => {
    const own = ['--transport_secure', '--transport_self_signed', '--transport_insecure'];
    expect(await healthOf(own, ['--transport_secure', '--transport_insecure'])).toMatch(/\tok\n$/);
    const { code, stderr } = await micro(['bot', '--inputs=console', '--transport_secure'], loopback(unique('none')));
    expect([code, stderr.split('\n').at(-2)]).toEqual([
      1,
      'a bot that encrypts needs transport_cert and transport_key, or transport_self_signed',
    ]);
  });

  it.each(['mucp', 'grpc'])('TLS both ways (%s): who shows no certificate is refused', async (server) => {
    const secure = [`--server=${server}`, '--transport_secure', `--transport_ca=${ca}`];
    const bot = [...secure, ...both, '--transport_request_client_cert'];
    expect(await healthOf(bot, [...secure, ...both])).toMatch(/\tok\n$/);
    expect(await healthOf(bot, secure)).not.toMatch(/\tok\n$/);
  });

  it('TLS with a key that can be read only once', async () => {
    const pipe = join(folder, 'key.pipe');
    execFileSync('mkfifo', [pipe]);
    const secure = ['--server=grpc', '--transport_secure', `--transport_ca=${ca}`];
    const written = writeFile(pipe, key);
    const bot = [...secure, ...certified.filter((flag) => flag.includes('cert=')), `--transport_key=${pipe}`];
    expect(await healthOf(bot, secure)).toMatch(/\tok\n$/);
    await written;
  });
});
