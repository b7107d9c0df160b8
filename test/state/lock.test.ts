import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const lock = new URL('../../dist/src/state/lock.js', import.meta.url).href;

// As pnpm lays packages out. To Node 20, whoever looks at a socket breaks links to packages that are loaded later: one that is reached by both
// its names is then loaded half, and Slack had no WebSocket after a kill.
it('leaves the links to packages alone when it removes what a killed process left behind', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'micro-lock-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = join(folder, 'store/thing');
  mkdirSync(store, { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(store, 'package.json'), '{"name":"thing","type":"module","exports":"./thing.js"}');
  writeFileSync(join(store, 'thing.js'), 'export const where = import.meta.url;');
  symlinkSync(store, join(folder, 'node_modules/thing'));
  const program = join(folder, 'program.mjs');
  writeFileSync(
    program,
    `import { takeLock } from ${JSON.stringify(lock)};
const taken = await takeLock(${JSON.stringify(join(folder, 'state'))});
console.log('release' in taken, (await import('thing')).where);
if (process.argv[2] === 'stay') setInterval(() => {}, 1_000);`,
  );
  const where = `true ${new URL(`file://${store}/thing.js`).href}\n`;

  const killed = spawn(process.execPath, [program, 'stay'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(killed.stdout, 'data')) as [Buffer];
  expect(said.toString()).toBe(where);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(spawnSync(process.execPath, [program], { encoding: 'utf8' }).stdout).toBe(where);
});
