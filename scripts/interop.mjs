// Runs the interop matrix and writes docs/interop.md from what came of it: every cell works, or shows a bug of go-micro that is named.
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
    '--reporter=dot',
    '--reporter=json',
    `--outputFile=${results}`,
  ],
  { cwd: path(''), stdio: 'inherit' },
);
if (!existsSync(results)) fail('the matrix did not run');
const { startTime, testResults } = JSON.parse(readFileSync(results, 'utf8'));
const cells = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ title }) => title.split(' | ').length === 4)
  .map(({ title, status }) => ({ title, status, parts: title.split(' | ') }));
const wrong = cells.filter(({ status }) => status !== 'passed');
if (run.status !== 0 || wrong.length > 0 || cells.length === 0)
  fail(`${wrong.length} of ${cells.length} cells are not as they should be`);
for (const release of Object.keys(releases)) {
  if (!cells.some(({ parts }) => parts[0] === release))
    fail(`the peer ${release} was not built: scripts/go-peers.mjs says how`);
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

const { version } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
const goVersion = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
const buggy = cells.filter(({ parts }) => bugIn(parts) !== undefined).length;
const text = `# Interop with go-micro

Written by \`npm run interop\` from a run of \`test/interop/matrix.test.ts\` against programs built with go-micro itself
(\`test/interop/go\`); not by hand.

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
## Bugs of go-micro
${bugs.map((bug, index) => `\n### ${bug.id}\n\n${index + 1}. ${bug.title}\n   In go-micro: \`${bug.where}\`.\n`).join('')}`;
writeFileSync(path('docs/interop.md'), text);
console.log(`docs/interop.md: ${cells.length} cells, ${buggy} of them with a bug of go-micro`);

function fail(reason) {
  console.error(`docs/interop.md was not written: ${reason}`);
  process.exit(1);
}
