// Checks who imports whom, and that the check saw every source file: a tool that parses nothing finds nothing wrong.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = `${root}node_modules/dependency-cruiser/bin`;
const run = (program, args, input) =>
  spawnSync(process.execPath, [`${bin}/${program}.mjs`, ...args], {
    cwd: root,
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
  });

// Looked at once, then told to people.
const cruise = run('dependency-cruise', ['--output-type', 'json', 'src', 'examples', 'proofs']);
process.stderr.write(cruise.stderr);
const report = run('depcruise-fmt', ['--exit-code', '--output-type', 'err', '-'], cruise.stdout);
process.stdout.write(report.stdout);
process.stderr.write(report.stderr);

const sources = ['src', 'examples', 'proofs', '-name', '*.ts', '-not', '-path', '*/node_modules/*'];
const found = execFileSync('find', sources, { cwd: root, encoding: 'utf8' }).trim().split('\n').sort();
const { modules } = JSON.parse(cruise.stdout);
const seen = new Set(
  modules.filter(({ dependencies, source }) => source.endsWith('.ts') && dependencies).map(({ source }) => source),
);
const missed = found.filter((file) => !seen.has(file));
const edges = modules
  .filter(({ source }) => source.startsWith('src/'))
  .reduce((sum, { dependencies }) => sum + dependencies.length, 0);

// Counted a second way, without the parser: every relative import in the text must have become an edge.
const written = Number(
  execFileSync(
    'sh',
    [
      '-c',
      `grep -rhoE "^(import|export|\\} from).* from '\\.[^']*'|^\\} from '\\.[^']*'|import\\('\\.[^']*'\\)" src --include=*.ts | wc -l`,
    ],
    {
      cwd: root,
      encoding: 'utf8',
    },
  ),
);
if (missed.length > 0 || edges < written) {
  console.error(
    `the boundary check is blind: ${missed.length} files unseen (${missed.slice(0, 3).join(' ')}), ${edges} of ${written} imports seen`,
  );
  process.exit(1);
}
console.log(`boundaries: ${found.length} files, ${edges} imports seen`);
process.exit(report.status ?? 1);
