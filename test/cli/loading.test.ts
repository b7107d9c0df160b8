import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startConsoleBot } from '../support/console-bot.ts';
import { micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';

const folder = mkdtempSync(join(tmpdir(), 'loading-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Environment in which a program writes down each module that it imports. */
function noting(name: string): { readonly env: { readonly NODE_OPTIONS: string }; readonly loaded: () => string[] } {
  const list = join(folder, `${name}.txt`);
  const hooks = join(folder, `${name}-hooks.mjs`);
  const start = join(folder, `${name}.mjs`);
  writeFileSync(
    hooks,
    `import { appendFileSync } from 'node:fs';
     export const load = (url, context, next) => {
       appendFileSync(${JSON.stringify(list)}, url + '\\n');
       return next(url, context);
     };`,
  );
  writeFileSync(start, `import { register } from 'node:module'; register('./${name}-hooks.mjs', import.meta.url);`);
  return {
    env: { NODE_OPTIONS: `--import=${start}` },
    loaded: () => readFileSync(list, 'utf8').trim().split('\n'),
  };
}

const packages = (urls: readonly string[]): readonly string[] => [
  ...new Set(urls.flatMap((url) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])),
];
const own = (urls: readonly string[]): readonly string[] =>
  urls.filter((url) => /\/dist\//.test(url) && !/node_modules/.test(url));

describe('what is loaded', () => {
  it('is a few files for a bot on mDNS, and no driver that was not chosen', async () => {
    const { env, loaded } = noting('bot');
    const bot = await startConsoleBot({ domain: unique('loading'), env });
    expect(await bot.say('ping')).toBe('pong\n');
    bot.process.stdin.end();
    expect((await bot.finished).code).toBe(0);
    expect(packages(loaded()).toSorted((one, other) => one.localeCompare(other))).toEqual([
      'croner',
      'multicast-dns',
      'pino',
    ]);
    expect(own(loaded()).length).toBeLessThan(60);
  });

  it('is next to nothing for a question about the program', async () => {
    const { env, loaded } = noting('help');
    expect((await micro(['--help'], env)).code).toBe(0);
    expect(packages(loaded())).toEqual([]);
    expect(own(loaded()).length).toBeLessThan(10);
  });
});
