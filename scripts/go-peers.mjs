// Builds the Go peers of test/interop into .cache/go, when they are not newer than their sources. Needs the network the first time:
// the tests themselves find only the programs.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const sources = path('test/interop/go');
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = Math.max(
  ...readdirSync(sources, { recursive: true, encoding: 'utf8' }).map((file) => changedAt(`${sources}/${file}`)),
);

// The checked-in go.mod and go.sum decide, and no C compiler is needed.
const env = {
  ...process.env,
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly -trimpath',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
};
for (const release of ['v1', 'v2']) {
  const program = path(`.cache/go/${release}`);
  if (changedAt(program) > newest) continue;
  console.log(`building the Go peer ${release}`);
  const built = spawnSync('go', ['build', '-ldflags=-s -w', '-o', program, '.'], {
    cwd: `${sources}/${release}`,
    env,
    stdio: 'inherit',
  });
  if (built.status !== 0) process.exit(1);
}
