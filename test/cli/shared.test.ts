import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { micro } from '../support/micro.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'shared-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder with micro-bot in it, and a driver that imports from it. */
function install(source: string): string {
  const modules = mkdtempSync(join(folder, 'home-'));
  mkdirSync(join(modules, 'node_modules'));
  symlinkSync(root, join(modules, 'node_modules/micro-bot'));
  writeFileSync(join(modules, 'driver.mjs'), source);
  return modules;
}

const broker = (made: string): string => `import { BrokerError } from 'micro-bot/broker';
  export const broker = () => ({ name: 'acme', address: '', connect: async () => {}, disconnect: async () => {},
    subscribe: async () => {}, publish: async () => { throw ${made}; } });`;
const publish = ['--registry=memory', '--broker=./driver.mjs', 'publish', 'deployed', '{}'];

type Door = { readonly default: string };
const doors = (): readonly string[] => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, Door | string>>;
  };
  return Object.values(exports).flatMap((door) => (typeof door === 'string' ? [] : [door.default]));
};

describe('the program and a package that it loads', () => {
  it.each([
    ["new BrokerError('invalid', 'no such topic')", '"code":400'],
    ["new Error('no such topic')", '"code":500'],
  ])('mean the same by %s', async (made, code) => {
    const { stderr } = await micro(publish, {}, '', install(broker(made)));
    expect(stderr).toContain('no such topic');
    expect(stderr).toContain(code);
  });

  it('have each error that is exported once', () => {
    const code = doors().map((door) => readFileSync(join(root, door), 'utf8'));
    const exported = code.flatMap((text) => [...text.matchAll(/^export (?:class (\w+)|\{([^}]*)\})/gm)]);
    const errors = exported.flatMap(
      ([, one = '', several = '']) => `${one} ${several}`.match(/\b[A-Z]\w*Error\b/g) ?? [],
    );
    expect(errors).toEqual(expect.arrayContaining(['CommandError', 'InputError', 'MicroError', 'RegistryError']));
    const program = join(root, 'dist/program');
    const copies = readdirSync(program).flatMap((file) => {
      const own = readFileSync(join(program, file), 'utf8');
      return errors.filter((name) => new RegExp(`\\bclass ${name}\\b`).test(own)).map((name) => `${name} in ${file}`);
    });
    expect(copies).toEqual([]);
  });
});
