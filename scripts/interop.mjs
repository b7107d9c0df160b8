// Runs the interop matrix and the encounters in registries, and writes docs/interop.md from what came of them: every cell works, or shows a bug of
// go-micro that is named.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const releases = { v1: 'go-micro v1.18.0', v2: 'go-micro v2.9.1', v6: 'go-micro v6.10.0' };
const directions = { 'we call': 'We call, it serves', 'they call': 'It calls, we serve' };

mkdirSync(path('.cache'), { recursive: true });
const results = path('.cache/interop.json');
rmSync(results, { force: true });
const run = spawnSync(
  process.execPath,
  [
    path('scripts/test.mjs'),
    'test/interop/matrix.test.ts',
    'test/interop/registries.test.ts',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile=${results}`,
  ],
  { cwd: path(''), stdio: 'inherit' },
);
if (!existsSync(results)) fail('the matrix did not run');
const { startTime, testResults } = JSON.parse(readFileSync(results, 'utf8'));
const all = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .map(({ title, status }) => ({ status, parts: title.split(' | ') }));
const cells = all.filter(({ parts }) => parts.length === 4);
const encounters = all.filter(({ parts }) => parts.length === 3);
for (const part of [cells, encounters]) {
  const wrong = part.filter(({ status }) => status !== 'passed');
  if (run.status !== 0 || wrong.length > 0 || part.length === 0)
    fail(`${wrong.length} of ${part.length} cells are not as they should be`);
  for (const release of Object.keys(releases)) {
    if (!part.some(({ parts }) => parts.includes(release)))
      fail(`the peer ${release} was not built: scripts/go-peers.mjs says how`);
  }
}

const bugs = JSON.parse(readFileSync(path('test/interop/matrix/bugs.json'), 'utf8'));
const covers = (cells, parts) => {
  const places = cells.in.split(' | ').map((place) => place.split(', '));
  return parts.every((value, place) => places[place].includes(value));
};
const bugIn = (parts) => bugs.find((bug) => bug.cells.some((cells) => covers(cells, parts)));
const markOf = (parts) => {
  const bug = bugIn(parts);
  return bug === undefined ? '✓' : `[${bugs.indexOf(bug) + 1}](#${bug.id})`;
};
const unique = (values) => [...new Set(values)];
const row = (columns) => `| ${columns.join(' | ')} |`;

function table(release, direction) {
  const mine = cells.filter(({ parts }) => parts[0] === release && parts[1] === direction).map(({ parts }) => parts);
  const exchanges = unique(mine.map(([, , , exchange]) => exchange));
  const lines = unique(mine.map(([, , way]) => way)).map((way) =>
    row([way, ...exchanges.map((exchange) => markOf([release, direction, way, exchange]))]),
  );
  return [row(['protocol and content type', ...exchanges]), row(['---', ...exchanges.map(() => ':-:')]), ...lines].join(
    '\n',
  );
}

function registryTable() {
  const columns = unique(encounters.map(({ parts }) => parts[2]));
  const passed = new Set(encounters.map(({ parts }) => row(parts)));
  const places = unique(encounters.map(({ parts: [registry, release] }) => `${registry} ${release}`));
  const lines = places
    .map((place) => place.split(' '))
    .map(([registry, release]) => {
      const marks = columns.map((encounter) => (passed.has(row([registry, release, encounter])) ? '✓' : 'not run'));
      return row([registry, releases[release], ...marks]);
    });
  return [row(['registry', 'service', ...columns]), row(['---', '---', ...columns.map(() => ':-:')]), ...lines].join(
    '\n',
  );
}

const { version } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
const goVersion = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
const buggy = cells.filter(({ parts }) => bugIn(parts) !== undefined).length;
const text = `# Interop with go-micro

Written by \`npm run interop\` from a run of \`test/interop/matrix.test.ts\` and \`test/interop/registries.test.ts\` against programs built with
go-micro itself (\`test/interop/go\`); not by hand.

Run of ${new Date(startTime).toISOString().slice(0, 10)}: micro-bot ${version} on Node ${process.versions.node}, peers built with ${goVersion}.
${cells.length} cells: ${cells.length - buggy} work (✓), ${buggy} show a bug of go-micro (a number; the tests hold the bug to what is said below).

An event is published by whoever calls; each travels over the http broker and over NATS.
${Object.entries(releases)
  .map(
    ([release, title]) =>
      `\n## ${title}\n${Object.entries(directions)
        .map(([direction, heading]) => `\n### ${heading} (${release})\n\n${table(release, direction)}\n`)
        .join('')}`,
  )
  .join('')}
## Registries

A Go service and one of ours meet in one etcd, at one NATS server, and in the mDNS of one network. Who is killed has no time to say goodbye: in
etcd he is gone when his time to live is over, at NATS and in mDNS he answers no more.

${registryTable()}

A program of v6 that speaks gRPC itself, as client or server, cannot be registered in etcd: the release changes how all of gRPC in the program writes
protobuf, and what the client of etcd sends is refused (\`client/grpc\` and \`server/grpc\`: \`RegisterCodec\`). The service of v6 above speaks mucp.

## Bugs of go-micro
${bugs.map((bug, index) => `\n### ${bug.id}\n\n${index + 1}. ${bug.title}\n   In go-micro: \`${bug.where}\`.\n`).join('')}`;
writeFileSync(path('docs/interop.md'), text);
console.log(
  `docs/interop.md: ${cells.length} cells, ${buggy} of them with a bug of go-micro; ${encounters.length} encounters in registries`,
);

function fail(reason) {
  console.error(`docs/interop.md was not written: ${reason}`);
  process.exit(1);
}
