import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('../go/v1', import.meta.url));
const folder = fileURLToPath(new URL('../../.cache/go', import.meta.url));
const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
let built;

/** The program of bench/go/v1, built when it is not newer than its sources: needs `go`, and the network the first time. Throws why not. */
export function goProgram() {
  built ??= build();
  if (built.failed !== undefined) throw new Error(built.failed);
  return built.program;
}

function build() {
  const program = `${folder}/bench-v1`;
  const newest = Math.max(...readdirSync(sources).map((file) => changedAt(`${sources}/${file}`)));
  if (changedAt(program) > newest) return { program };
  mkdirSync(folder, { recursive: true });
  // The checked-in go.mod and go.sum decide, and no C compiler is needed.
  const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -trimpath', GOTOOLCHAIN: 'local', GOWORK: 'off' };
  const { status, error, stderr } = spawnSync('go', ['build', '-ldflags=-s -w', '-o', program, '.'], {
    cwd: sources,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status === 0) return { program };
  return { failed: `go-micro's echo was not built: ${error?.message ?? stderr.trim()}` };
}
