import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
};
const modules = Object.entries(exports).filter(([name]) => name !== './package.json');

test.each(modules)('%s is there, with its types, and loads', async (name, paths) => {
  expect(typeof paths).toBe('object');
  for (const path of Object.values(paths)) expect(existsSync(new URL(path, root))).toBe(true);
  await expect(import(name.replace('.', 'micro-bot'))).resolves.toBeTypeOf('object');
});
