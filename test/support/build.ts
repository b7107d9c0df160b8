import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** Before all tests, once: what bin/ runs is built from the sources as they are. Whether the types are right is another check's question. */
export function setup(): void {
  const isThere = (): boolean => existsSync(path('dist/program/main.js'));
  if (isThere() && newest('src') < builtAt() && newest('examples') < builtAt()) return;
  const { status } = spawnSync(process.execPath, [path('scripts/build.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] });
  if (!isThere()) throw new Error(`the build failed with code ${status}: run "npm run build"`);
}

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(path(folder), { recursive: true, encoding: 'utf8' }).map(
      (file) => statSync(path(`${folder}/${file}`)).mtimeMs,
    ),
  );

function builtAt(): number {
  try {
    return statSync(path('.cache/build.tsbuildinfo')).mtimeMs;
  } catch {
    return 0;
  }
}
