import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const room = path(`.cache/${unique('readme')}`);
const domain = unique('readme');
let service: ChildProcess | undefined;

afterEach(async () => {
  if (service !== undefined) {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }
  rmSync(room, { recursive: true, force: true });
});

test('the example of the README compiles, runs and is found', async () => {
  const [, source = ''] = /```ts\n([^]+?)```/.exec(readFileSync(path('README.md'), 'utf8')) ?? [];
  mkdirSync(room, { recursive: true });
  // Kept on this machine; otherwise as printed.
  writeFileSync(
    `${room}/service.ts`,
    source.replace('mdnsRegistry()', `mdnsRegistry({ interface: '127.0.0.1', domain: '${domain}' })`),
  );
  const compiler = [
    '--strict',
    '--module',
    'node16',
    '--target',
    'es2022',
    '--types',
    'node',
    '--skipLibCheck',
    `${room}/service.ts`,
  ];
  execFileSync(process.execPath, [path('node_modules/ts7/bin/tsc'), '--ignoreConfig', ...compiler], {
    cwd: path('.'),
    stdio: 'pipe',
  });
  service = fork(`${room}/service.js`);

  const env = { ...process.env, MICRO_REGISTRY_ADDRESS: '127.0.0.1', MICRO_MDNS_DOMAIN: domain };
  const micro = (...args: readonly string[]): string =>
    execFileSync(process.execPath, [path('bin/micro.js'), ...args], { env, encoding: 'utf8', stdio: 'pipe' });
  await until(() => micro('list', 'services') === 'greeter\n');
  expect(micro('call', 'greeter', 'Say.Hello', '{"name": "John"}')).toBe('{\n\t"msg": "Hello John"\n}\n');
});
