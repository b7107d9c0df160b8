// Builds the Go peers of test/interop, and h2spec, into .cache/go, when they are not newer than their sources. Needs the network the first time:
// the tests themselves find only the programs. Each release is two programs: one with etcd and NATS as registries, which is larger, and one
// without. v6 is built from a checkout that MICRO_GO_MICRO_V6 names (docs/decisions/011).
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const sources = path('test/interop/go');
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = Math.max(
  ...readdirSync(sources, { recursive: true, encoding: 'utf8' }).map((file) => changedAt(`${sources}/${file}`)),
);
const program = (name) => path(`.cache/go/${name}`);
const stale = (name) => changedAt(program(name)) <= newest;

// The checked-in go.mod and go.sum decide, and no C compiler is needed.
const env = {
  ...process.env,
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly -trimpath',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
};

function build(name, { folder = name, flags = [], main = '.' } = {}) {
  console.log(`building the Go program ${name}`);
  const args = ['build', '-ldflags=-s -w', ...flags, '-o', program(name), main];
  return spawnSync('go', args, { cwd: `${sources}/${folder}`, env, stdio: 'inherit' }).status === 0;
}

/** Both programs of a release, where they are not new. */
function buildPeers(release, flags = []) {
  for (const [name, more] of [
    [release, []],
    [`${release}-registries`, ['-tags=registries']],
  ]) {
    if (stale(name) && !build(name, { folder: release, flags: [...flags, ...more] })) process.exit(1);
  }
}

/** A copy of v6's go.mod that takes go-micro itself from the checkout. */
function modfile(checkout) {
  const copy = path('.cache/go/v6.mod');
  mkdirSync(path('.cache/go'), { recursive: true });
  const text = readFileSync(`${sources}/v6/go.mod`, 'utf8');
  writeFileSync(copy, `${text}\nreplace go-micro.dev/v6 => ${resolve(checkout)}\n`);
  copyFileSync(`${sources}/v6/go.sum`, path('.cache/go/v6.sum'));
  return copy;
}

for (const release of ['v1', 'v2']) buildPeers(release);
if (stale('v6') || stale('v6-registries')) {
  const checkout = process.env.MICRO_GO_MICRO_V6;
  if (checkout === undefined) {
    for (const name of ['v6', 'v6-registries']) rmSync(program(name), { force: true });
    console.log(
      'the Go peer v6 is not built: MICRO_GO_MICRO_V6 names no checkout of go-micro v6.10.0. Its captured bytes stand in for it',
    );
  } else buildPeers('v6', [`-modfile=${modfile(checkout)}`]);
}
// Asks our HTTP/2 whether it keeps to the RFCs.
if (stale('h2spec') && !build('h2spec', { main: 'github.com/summerwind/h2spec/cmd/h2spec' })) process.exit(1);
