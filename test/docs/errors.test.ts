import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const withoutComments = (source: string): string => source.replaceAll(/\/\*\*.*?\*\//gs, '');

/** `RegistryError.unavailable` for each code of each closed union in the source. */
function codesOfSource(): string[] {
  const files = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) =>
    [...withoutComments(read(`src/${file}`)).matchAll(/export type (\w+Error)Code =([^;]+);/g)].flatMap(
      ([, name, union = '']) => [...union.matchAll(/'(\w+)'/g)].map(([, code]) => `${name}.${code}`),
    ),
  );
}

/** The same from the page: a heading for each class, a table row for each code. */
function codesOfPage(): string[] {
  return read('docs/errors.md')
    .split(/^## /m)
    .slice(1)
    .filter((section) => section.startsWith('`'))
    .flatMap((section) => {
      const name = /^`(\w+)`/.exec(section)?.[1];
      return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => `${name}.${code}`);
    });
}

test('every error code stands in docs/errors.md, and no other', () => {
  const source = codesOfSource().toSorted();
  expect(source.length).toBeGreaterThanOrEqual(15);
  expect(codesOfPage().toSorted()).toEqual(source);
});
