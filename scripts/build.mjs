// Compiles src and examples to dist, and joins what `micro` runs into a few files. With --if-possible (npm's prepare step) a production
// install without the compiler is no error.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = `${root}node_modules/ts7/bin/tsc`;

if (!existsSync(compiler)) {
  if (process.argv.includes('--if-possible') || existsSync(`${root}dist/program/main.js`)) process.exit(0);
  console.error('micro-bot: the TypeScript compiler is missing; run "npm ci" first');
  process.exit(1);
}
const { status } = spawnSync(process.execPath, [compiler, '-p', `${root}tsconfig.json`], { stdio: 'inherit' });
if (status !== 0) process.exitCode = status ?? 1;
// Also with wrong types, that it can be tried.
const { bundleProgram } = await import('./bundle.mjs');
await bundleProgram(root, { isDraft: status !== 0 });
