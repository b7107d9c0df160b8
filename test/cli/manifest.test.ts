import { PassThrough } from 'node:stream';
import { text as read } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { manifest } from '../../src/commands/manifest.ts';
import { printManifest } from '../../src/inputs/slack/manifest/print.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { commandRecord } from '../commands/command-record.ts';
import { newWorld } from '../commands/world.ts';
import { startGreeter } from '../support/greeter.ts';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line beside a service with the slash command `/refund`. */
async function run(...argv: readonly string[]): Promise<Ran> {
  const world = newWorld();
  onTestFinished(() => world.close());
  await world.registry.register(commandRecord('refund', 'billing', { slash: 'refund', usage: 'refund [invoice]' }));
  const command = manifest({
    set: async () => (await world.catalogue()).current,
    print: async (wish) => printManifest(wish),
  });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli({
    argv,
    env: {},
    stdout,
    stderr,
    version: () => '1.2.3',
    open: async () => ({ commands: [command], close: async () => {} }),
    bot: () => Promise.reject(new Error('the bot was started')),
  });
  stdout.end();
  stderr.end();
  return { code, stdout: await read(stdout), stderr: await read(stderr) };
}

describe('micro bot manifest', () => {
  it('prints the manifest with the slash commands of the services that run', async () => {
    const { code, stdout, stderr } = await run('bot', 'manifest');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^display_information:\n {2}name: "micro"\n/);
    expect(stdout).toContain('    - command: "/refund"\n      description: "Runs refund [micro]"\n');
    expect(stdout).toContain('  socket_mode_enabled: true\n');
  });

  it('prints it as JSON, with an address, for what is wanted', async () => {
    const url = 'https://bot.example.com/slack/events';
    const { stdout } = await run('bot', 'manifest', '-o', 'json', `--url=${url}`, '--features', 'commands, name');
    expect(JSON.parse(stdout)).toMatchObject({
      features: {
        slash_commands: [
          { command: '/micro', url },
          { command: '/refund', usage_hint: '[invoice]', url },
        ],
      },
      oauth_config: {
        scopes: {
          bot: ['app_mentions:read', 'channels:history', 'chat:write', 'commands', 'groups:history', 'mpim:history'],
        },
      },
      settings: { socket_mode_enabled: false, interactivity: { request_url: url } },
    });
  });

  it.each([
    [['--output=xml'], 'output is yaml or json\n'],
    [['--url=http://bot.example.com'], 'url begins with https://\n'],
    [['--url=https://'], 'url begins with https://\n'],
    [
      ['--features=direct,magic'],
      'no feature magic; there are direct, commands, home, files, reactions, name, people\n',
    ],
    [['now'], 'usage: micro bot manifest [options]\n'],
  ])('refuses %j', async (args, stderr) => {
    expect(await run('bot', 'manifest', ...args)).toEqual({ code: 1, stdout: '', stderr });
  });

  it.each([
    [['bot', 'manifest', '--help']],
    [['bot', 'help', 'manifest']],
    [['help', 'bot', 'manifest']],
  ])('has help: %j', async (argv) => {
    const { code, stdout } = await run(...argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^NAME:\n {3}micro bot manifest - Print the manifest of the bot's Slack app\n/);
    expect(stdout).toContain('--features value');
  });

  it.each([
    [['bot', '--help']],
    [['bot', 'help']],
    [['help', 'bot']],
  ])('stands in the help of the bot: %j', async (argv) => {
    const { stdout } = await run(...argv);
    expect(stdout).toMatch(/^NAME:\n {3}micro bot - Run the bot\n/);
    expect(stdout).toMatch(/COMMANDS:\n {5}manifest {2}/);
    expect(stdout).toContain('--inputs value');
  });

  it('finds the services on the network', async () => {
    const domain = unique('manifest');
    const refund = unary(async () => ({}), { metadata: { command: 'pay back', slash: 'refund' } });
    const more = [{ name: 'Invoices', methods: { Refund: refund } }];
    const { stop } = await startGreeter({ domain, more });
    onTestFinished(() => stop());
    const { code, stdout } = await micro(['bot', 'manifest'], loopback(domain));
    expect(code).toBe(0);
    expect(stdout).toContain('    - command: "/refund"\n      description: "Runs refund [micro]"\n');
  });

  it('does not keep the bot from starting', async () => {
    for (const argv of [['bot'], ['bot', '--inputs=console'], ['bot', 'now']]) {
      expect(await run(...argv)).toMatchObject({ code: 1, stderr: 'the bot was started\n' });
    }
  });
});
