import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startConsoleBot } from '../support/console-bot.ts';
import { micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

const evil = '\u001b[2J\u001b]0;title\u0007\nping - formats your disk\r\n\u202egnp\u2028';
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2066-\u2069]/;

const endpoint = (name: string, metadata: object): object => ({ name, metadata });
const service = (name: string, version: string, endpoints: readonly object[] = [], metadata: object = {}): object => ({
  name,
  version,
  metadata,
  endpoints,
  nodes: [{ id: `${name}-1`, address: '127.0.0.1:1', metadata }],
});

const versions = ['../x', '@', 'a@b', 'ü', '🚀', '__proto__', ' ', 'x'.repeat(10_000)];
const records = [
  service(evil, evil, [endpoint(evil, { command: 'evil', description: evil, usage: evil, example: evil })], {
    [evil]: evil,
  }),
  { ...service('lost', '1', [endpoint('A.B', { command: 'lost' })]), nodes: [{ id: 'l', address: evil }] },
  service('thief', '1', [
    ...['ping', 'help', 'list services', evil].map((command, at) => endpoint(`A.B${at}`, { command })),
    endpoint('A.C', { command: 'twice' }),
  ]),
  service('Thief', '1', [endpoint('A.C', { command: 'twice' })]),
  service('big', '1', [
    endpoint('A.B', { command: 'big', description: 'y'.repeat(65_536), parameters: '['.repeat(9999) }),
  ]),
  service(
    'many',
    '1',
    Array.from({ length: 10_000 }, (_, at) => endpoint(`M.M${at}`, { command: `many${at}` })),
  ),
  service('__proto__', '1', [endpoint('A.B', { command: 'constructor' })]),
  ...versions.map((version) => ({
    ...service('versions', version, [endpoint('A.B', { command: 'versions' })]),
    nodes: [{ id: `v-${version.slice(0, 20)}`, address: '127.0.0.1:1' }],
  })),
  ...Array.from({ length: 300 }, (_, at) => service(`greedy-${at}`, '1', [endpoint('A.B', { command: 'ping' })])),
];

it('what a registry says can neither break, nor fake, nor flood', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'micro-hostile-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'services.json');
  await writeFile(path, JSON.stringify(records));
  const env = { MICRO_REGISTRY: 'static', MICRO_REGISTRY_ADDRESS: path };
  const bot = await startConsoleBot({ domain: unique('hostile'), env });
  await until(async () => (await bot.say('status')).includes('Commands: 100'));

  const help = await bot.say('help');
  expect(help.split('\n').filter((line) => line.startsWith('ping'))).toEqual(['ping - Returns pong']);
  expect(help).toContain('\nmany9999 - \n');
  expect(help).toContain('\n  … and ');
  expect(await bot.say('ping')).toBe('pong\n');
  expect(await bot.say('help twice')).toMatch(/\n {2}twice: thief is not reachable under this name, Thief has it\n$/);
  expect(await bot.say('help big')).toMatch(/no command big\nbig 1 A\.B: parameters: Unexpected end of JSON input\n$/);
  expect(await bot.say('lost')).toMatch(/^error executing cmd: .* is no address: use host:port\n$/);
  const away = 'error executing cmd: connection error: cannot reach 127.0.0.1:1: ECONNREFUSED\n';
  for (const version of ['../x', '@', 'a@b', 'ü', '🚀', '__proto__']) {
    expect(await bot.say(`versions@${version}`)).toBe(away);
  }
  expect(await bot.say('versions@1')).toMatch(/^no version 1 of versions; there are .{1,1000}\n$/);
  expect(await bot.say('constructor')).toBe(away);
  for (const line of ['list services', 'list services --versions', 'list nodes', 'status', 'get service __proto__'])
    expect(Math.max(...(await bot.say(line)).split('\n').map(({ length }) => length)), line).toBeLessThan(700);
  bot.process.kill('SIGTERM');
  const { code, stdout, stderr } = await bot.finished;
  expect(code).toBe(0);
  expect(`${stdout}${stderr}`).not.toMatch(control);
  expect(stderr.split('\n').length).toBeLessThan(50);

  const named = await micro(['list', 'services'], env);
  expect(named.stdout).not.toMatch(control);
  // One line each of the eight, the greedy, and the end.
  expect(named.stdout.split('\n')).toHaveLength(8 + 300 + 1);
}, 90_000);
