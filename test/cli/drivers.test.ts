import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startConsoleBot } from '../support/console-bot.ts';
import { startGreeter } from '../support/greeter.ts';
import { type Finished, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';

const folder = mkdtempSync(join(tmpdir(), 'drivers-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts a package where a person who installs one has it, and gives the folder to start `micro` in. */
function install(name: string, source: string): string {
  const home = join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, type: 'module', exports: './index.js' }));
  writeFileSync(join(home, 'index.js'), source);
  return folder;
}

const fileBroker = `import { appendFileSync } from 'node:fs';
export const broker = ({ addresses: [file], registry, log }) => ({
  name: 'file',
  address: file,
  async connect() { log.debug('connected', { registry: registry.name }); },
  async disconnect() { appendFileSync(file, 'left\\n'); },
  async publish(topic, { body }) { appendFileSync(file, topic + ' ' + body + '\\n'); },
  async subscribe(topic) { return { topic, unsubscribe: async () => {} }; },
});`;

const publish = (broker: string, file: string, cwd = folder): Promise<Finished> =>
  micro(
    ['--registry=memory', `--broker=${broker}`, `--broker_address=${file}`, 'publish', 'deployed', '{"n": 1.0}'],
    {},
    '',
    cwd,
  );

describe('a driver of somebody else', () => {
  it.each([
    ['acme-broker', 'acme-broker'],
    ['@acme/broker', '@acme/broker'],
    ['a file', './node_modules/acme-broker/index.js'],
  ])('is a package or a file that is named: %s', async (title, name) => {
    const file = join(folder, `${title.replace('/', '-')}.txt`);
    install('acme-broker', fileBroker);
    install('@acme/broker', fileBroker);
    expect(await publish(name, file)).toEqual({ code: 0, signal: null, stdout: 'ok\n', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe('deployed {"n": 1.0}\nleft\n');
  });

  it.each([
    ['export const brokre = 1;', 'Broker bad-broker not found\nThat package exports no broker\n'],
    ['export const broker = () => ({});', 'Broker bad-broker: what it makes is no broker: publish is missing\n'],
    ['export const broker = () => undefined;', 'Broker bad-broker: what it makes is no broker: publish is missing\n'],
    [
      'export const broker = () => { throw new Error("no address was given"); };',
      'Broker bad-broker: no address was given\n',
    ],
    ['throw new Error("no licence");', 'Broker bad-broker could not be loaded: no licence\n'],
    ['import "not-there";', /^Broker bad-broker could not be loaded: Cannot find package 'not-there'/],
  ])('that is none is told as such: %s', async (source, message) => {
    install('bad-broker', source);
    const { code, stderr, stdout } = await publish('bad-broker', 'x');
    expect([code, stdout]).toEqual([1, '']);
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  });

  it('that is a file which is not there is not found', async () => {
    const { code, stderr } = await publish('./nope.mjs', 'x');
    expect([code, stderr.split('\n')[0]]).toEqual([1, 'Broker ./nope.mjs not found']);
  });

  it('can be any of the others', async () => {
    const cwd = install(
      'acme-drivers',
      `const service = { name: 'acme', version: '1', metadata: {}, endpoints: [], nodes: [] };
       export const registry = ({ addresses }) => ({ name: 'acme', getService: async () => [service],
         listServices: async () => addresses.map((name) => ({ ...service, name })), close: async () => {} });
       export const transport = () => ({ name: 'acme', dial: async () => { throw new Error('acme is closed today'); } });
       export const selector = () => ({ select: () => () => ({ id: 'n', address: 'a', metadata: { protocol: 'mucp' } }),
         mark() {}, reset() {} });
       export const codec = () => ({ name: 'shout', contentType: 'application/shout',
         encode: (value) => JSON.stringify(value).toUpperCase(), decode: (body) => JSON.parse(body) });`,
    );
    const flags = ['--registry=acme-drivers', '--registry_address=one'];
    expect((await micro([...flags, 'list', 'services'], {}, '', cwd)).stdout).toBe('one\n');
    const all = ['transport', 'selector', 'codec'].map((kind) => `--${kind}=acme-drivers`);
    const { stderr } = await micro([...flags, ...all, 'call', 'one', 'A.B', '{}'], {}, '', cwd);
    expect(stderr).toContain('"detail":"connection error: acme is closed today"');
  });

  it('is what a bot writes the requests of its commands with', async () => {
    const domain = unique('codec');
    const greeter = await startGreeter({ domain });
    const cwd = install(
      'acme-codec',
      `export const codec = () => ({ name: 'shout', contentType: 'application/shout',
         encode: (value) => Buffer.from(JSON.stringify(value).toUpperCase()), decode: (body) => JSON.parse(body) });`,
    );
    const bot = await startConsoleBot({ domain, args: [`--codec=${join(cwd, 'node_modules/acme-codec/index.js')}`] });
    expect(await bot.say('call go.micro.srv.greeter Say.Hello {}')).toContain('application/shout');
    bot.process.stdin.end();
    await bot.finished;
    await greeter.stop();
  });
});
