import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { botFlags, globalFlags } from '../../src/config/flags.ts';
import { type Finished, micro } from '../support/micro.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('micro --help', () => {
  it('story 1: has the sections of go-micro, all commands and all flags, each with its variable', async () => {
    const { code, stdout, stderr } = await micro(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^[A-Z].*:$/gm)).toEqual(['NAME:', 'USAGE:', 'VERSION:', 'COMMANDS:', 'GLOBAL OPTIONS:']);
    expect(stdout).toMatch(
      /^NAME:\n {3}micro - A microservice runtime\n\nUSAGE:\n {3}micro \[global options\] command \[command options\] \[arguments\.\.\.\]\n\nVERSION:\n/,
    );
    expect(stdout).toContain(`\n   ${version}\n`);
    const commands = [
      'audit',
      'bot',
      'call',
      'deregister',
      'get',
      'health',
      'list',
      'publish',
      'register',
      'registry',
      'stats',
      'status',
      'stream',
      'verify',
      'watch',
      'help, h',
    ];
    expect(stdout.match(/^ {5}\S.*?(?= {2})/gm)).toEqual(commands.map((name) => `     ${name}`));
    for (const { name, env, kind } of globalFlags)
      expect(stdout).toMatch(
        new RegExp(`^ {3}--${name}${kind === 'boolean' ? '' : ' value'} +\\S.*\\[\\$${env}\\]$`, 'm'),
      );
    expect(stdout).toMatch(
      /^ {3}--register_ttl value +Register TTL in seconds \(default: 60\) \[\$MICRO_REGISTER_TTL\]$/m,
    );
    expect(stdout).toMatch(/^ {3}--help, -h +show help\n {3}--version, -v +print the version\n$/m);
  });

  it('story 1: names only commands that are there', async () => {
    const { stdout } = await micro(['--help']);
    const names = [...stdout.matchAll(/^ {5}([a-z]+)/gm)].map(([, name = '']) => name);
    expect(names).toContain('call');
    for (const name of names.filter((each) => each !== 'help')) {
      const { code, stdout: shown, stderr } = await micro([name, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(shown).toMatch(new RegExp(`^NAME:\n {3}micro ${name} - \\S`));
    }
  });

  it('lines its columns up', async () => {
    const { stdout } = await micro(['--help']);
    const lines = stdout.split('\n').filter((line) => line.startsWith('   --'));
    expect(new Set(lines.map((line) => / {2,}(?=\S)/.exec(line.slice(3))?.index)).size).toBeGreaterThan(1);
    expect(new Set(lines.map((line) => line.length - line.replace(/^ {3}\S.*? {2,}/, '').length)).size).toBe(1);
  });

  it.each([[['-h']], [['help']], [['h']], [['-help']]])('is also %j', async (args) => {
    expect((await micro(args)).stdout).toBe((await micro(['--help'])).stdout);
  });

  it('does not mind settings that are wrong', async () => {
    expect((await micro(['--help'], { MICRO_REGISTRY: 'nosuch', MICRO_CLIENT_RETRIES: 'x' })).code).toBe(0);
  });
});

describe('help below', () => {
  it.each([
    [['list', '--help']],
    [['list']],
    [['help', 'list']],
    [['list', 'help']],
    [['list', 'h']],
    [['--help', 'list']],
  ])('of a group: %j', async (args) => {
    const { code, stdout } = await micro(args);
    expect(code).toBe(0);
    expect(stdout).toBe(`NAME:
   micro list - List items in the registry

USAGE:
   micro list command [command options] [arguments...]

COMMANDS:
     nodes     List the nodes of a service, or all
     services  List the services
     help, h   Shows a list of commands or help for one command

OPTIONS:
   --help, -h  show help
`);
  });

  it.each([[['call', '--help']], [['help', 'call']], [['call', 'svc', '-h']]])('of a command: %j', async (args) => {
    const { code, stdout } = await micro(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^NAME:\n {3}micro call - Call a service\n\nUSAGE:\n {3}micro call \[command options\] \[arguments\.\.\.\]\n\nOPTIONS:\n/,
    );
    expect(stdout).toMatch(/^ {3}--output value, -o value +\S.* \[\$MICRO_OUTPUT\]$/m);
    expect(stdout).toMatch(/^ {3}--metadata value +\S.* \[\$MICRO_METADATA\]$/m);
  });

  it.each([
    [['list', 'services', '--help']],
    [['help', 'list', 'services']],
    [['list', 'help', 'services']],
  ])('of a command in a group: %j', async (args) => {
    expect((await micro(args)).stdout).toMatch(/^NAME:\n {3}micro list services - List the services\n/);
  });

  it('of the bot has its flags', async () => {
    const { stdout } = await micro(['bot', '--help']);
    for (const { name, env, kind } of botFlags) {
      const value = kind === 'boolean' ? '' : ' value';
      expect(stdout).toMatch(new RegExp(`^ {3}--${name}${value} +\\S.*\\[\\$${env}\\]$`, 'm'));
    }
  });
});

describe('what is not understood', () => {
  const noCommand = "No command provided to micro. Please refer to 'micro --help'\n";
  const unrecognized = (word: string): string =>
    `Unrecognized micro command: ${word}. Please refer to 'micro --help'\n`;

  it.each([
    [[], 1, noCommand],
    [['--registry=memory'], 1, noCommand],
    [['frobnicate'], 1, unrecognized('frobnicate')],
    [['frobnicate', '--help'], 1, unrecognized('frobnicate')],
    [['lst'], 1, `${unrecognized('lst')}Did you mean list?\n`],
    [['a\u001b[2Jb'], 1, unrecognized('a\\u001b[2Jb')],
    [['list', 'foo'], 3, "No help topic for 'foo'\n"],
    [['help', 'foo'], 3, "No help topic for 'foo'\n"],
    [['registry', 'list', 'foo'], 3, "No help topic for 'foo'\n"],
    [['constructor'], 1, unrecognized('constructor')],
  ])('%j ends with %d', async (args, code, stderr) => {
    expect(await micro(args)).toEqual({ code, signal: null, stdout: '', stderr });
  });

  it.each([
    [['--badflag'], '-badflag', 'micro - A microservice runtime'],
    [['call', '--badflag'], '-badflag', 'micro call - Call a service'],
    [['list', '-badflag=1', 'services'], '-badflag', 'micro list - List items in the registry'],
    [['--output', 'raw', 'call'], '-output', 'micro - A microservice runtime'],
  ])('story 14: %j is incorrect usage, and the help of the place follows', async (args, flag, name) => {
    const { code, stdout, stderr } = await micro(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n').slice(0, 4)).toEqual([
      `Incorrect Usage: flag provided but not defined: ${flag}`,
      '',
      'NAME:',
      `   ${name}`,
    ]);
  });
});

describe('micro --version', () => {
  it.each([[['--version']], [['-v']], [['call', '--version']]])('%j', async (args) => {
    expect(await micro(args)).toEqual({ code: 0, signal: null, stdout: `micro version ${version}\n`, stderr: '' });
  });
});

describe('settings that cannot be', () => {
  const known = 'mdns, memory, etcd, nats, consul, kubernetes, static';
  const unknown = (kind: string, name: string, known: string): string =>
    `${kind} ${name} not found\nKnown: ${known}, and installed packages by their names`;
  const refused = (message: string): Finished => ({ code: 1, signal: null, stdout: '', stderr: `${message}\n` });

  it.each([
    [['--registry=nosuch', 'list', 'services'], {}],
    [['list', 'services'], { MICRO_REGISTRY: 'nosuch' }],
  ])('story 5: %j %j', async (args, env) => {
    expect(await micro(args, env)).toEqual(refused(unknown('Registry', 'nosuch', known)));
  });

  it.each([
    [['bot'], 'no inputs specified'],
    [['bot', '--inputs=slack'], 'missing slack token'],
    [
      ['bot', '--inputs=slack', '--slack_token=xoxb-1'],
      'slack needs slack_app_token for Socket Mode, or slack_signing_secret for HTTP',
    ],
    [['bot', '--inputs=nosuch'], unknown('input', 'nosuch', 'console, slack, xmpp, hipchat')],
  ])('story 26: %j', async (args, message) => {
    expect(await micro(args)).toEqual(refused(message));
  });

  it.each([
    [['list', 'services', '--registry', 'constructor'], {}, unknown('Registry', 'constructor', known)],
    [
      ['--transport=nosuch', 'list', 'services'],
      {},
      unknown('Transport', 'nosuch', 'http, grpc, memory, nats, websocket'),
    ],
    [
      ['--selector=nosuch', 'list', 'services'],
      {},
      unknown('Selector', 'nosuch', 'default, cache, random, roundrobin, static, dns'),
    ],
    [
      ['--broker=nosuch', 'list', 'services'],
      {},
      unknown('Broker', 'nosuch', 'http, memory, nats, redis, mqtt, rabbitmq'),
    ],
    [['--client=nosuch', 'list', 'services'], {}, 'Client nosuch not found\nKnown: mucp, rpc, grpc'],
    [['bot', '--inputs=console', '--server=nosuch'], {}, unknown('Server', 'nosuch', 'mucp, rpc, grpc')],
    [['list', 'services'], { MICRO_SERVER: 'nosuch' }, unknown('Server', 'nosuch', 'mucp, rpc, grpc')],
    [['call', 'a', 'A.B', '--codec='], {}, 'codec is empty: name one, or leave the flag out'],
    [['--server', ' ', 'list', 'services'], {}, 'server is empty: name one, or leave the flag out'],
    [
      ['list', 'services'],
      { MICRO_CODEC: 'nosuch' },
      unknown(
        'Codec',
        'nosuch',
        'json, json-rpc, protobuf, proto-rpc, octet-stream, grpc, grpc+json, grpc+proto, bson, msgpack',
      ),
    ],
    [['bot', '--inputs=,,'], {}, 'no inputs specified'],
    [['bot', '--inputs=console,nosuch'], {}, unknown('input', 'nosuch', 'console, slack, xmpp, hipchat')],
    [['bot', '--inputs=console'], { MICRO_REGISTRY: 'nosuch' }, unknown('Registry', 'nosuch', known)],
    [
      ['--client_request_timeout=soon', 'list', 'services'],
      {},
      'failed to parse client_request_timeout: soon (a duration is written like 500ms, 5s or 1m)',
    ],
    [
      ['list', 'services'],
      { MICRO_REGISTER_TTL: 'x' },
      'failed to parse register_ttl ($MICRO_REGISTER_TTL): x is not a whole number',
    ],
  ])('%j %j', async (args, env, message) => {
    expect(await micro(args, env)).toEqual(refused(message));
  });

  it('are overruled by the command line', async () => {
    const { code } = await micro(['--registry=memory', 'list', 'services'], { MICRO_REGISTRY: 'nosuch' });
    expect(code).toBe(0);
  });
});
