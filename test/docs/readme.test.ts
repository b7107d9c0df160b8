import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { block, compileExample, page } from './example.ts';

const bin = fileURLToPath(new URL('../../bin/micro.js', import.meta.url));
const domain = unique('readme');
let service: ChildProcess | undefined;

afterEach(async () => {
  if (service === undefined) return;
  service.kill('SIGTERM');
  await once(service, 'exit');
});

test('the example of the README compiles, runs and is found', async () => {
  // Kept on this machine; otherwise as printed.
  const near = `mdnsRegistry({ interface: '127.0.0.1', domain: '${domain}' })`;
  using example = compileExample(block(page('README.md'), 'ts').replace('mdnsRegistry()', near));
  service = fork(example.file);

  const env = { ...process.env, MICRO_REGISTRY_ADDRESS: '127.0.0.1', MICRO_MDNS_DOMAIN: domain };
  const micro = (...args: readonly string[]): string =>
    execFileSync(process.execPath, [bin, ...args], { env, encoding: 'utf8', stdio: 'pipe' });
  await until(() => micro('list', 'services') === 'greeter\n');
  expect(micro('call', 'greeter', 'Say.Hello', '{"name": "John"}')).toBe('{\n\t"msg": "Hello John"\n}\n');
});
