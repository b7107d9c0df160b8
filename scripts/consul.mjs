// Builds the Consul agent for the tests of its registry into .cache/go, from its published module: Debian has no package of it. Takes two to
// three minutes and the network the first time; what was built is kept until test/discovery/consul/agent changes.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const sources = path('test/discovery/consul/agent');
const program = path('.cache/go/consul');
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = Math.max(
  ...readdirSync(sources, { recursive: true, encoding: 'utf8' }).map((file) => changedAt(`${sources}/${file}`)),
);

if (changedAt(program) <= newest) {
  console.log('building the Consul agent');
  const args = ['build', '-ldflags=-s -w', '-o', program, '.'];
  // The checked-in go.mod and go.sum decide, and no C compiler is needed.
  const env = {
    ...process.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly -trimpath',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
  };
  process.exitCode = spawnSync('go', args, { cwd: sources, env, stdio: 'inherit' }).status === 0 ? 0 : 1;
}
