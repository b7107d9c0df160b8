import { access } from 'node:fs/promises';
import { type Command, CommandError, type Invocation } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import { headOption, lastOption } from './commands.ts';
import { exportLines } from './export.ts';
import { findIn } from './file.ts';
import { auditFiles } from './files.ts';
import { filterUsage, readFilter, readHead, readLast } from './query.ts';
import { reportDocument, reportLines } from './report.ts';
import { auditFields, auditTable } from './table.ts';
import { verifyAudit } from './verify.ts';

const maxRows = 10_000;

/** `micro audit show|verify|export|head`: they read the files, whether a bot writes to them or not. `path`: where the audit is, when nobody says. */
export function auditCliCommands(path: string): readonly Command[] {
  const common = { source: { kind: 'builtin' }, effect: 'read' } as const;
  return [
    {
      ...common,
      name: 'audit show',
      usage: `audit show [file] ${filterUsage}`,
      description: 'Shows who did what, and how it ended',
      options: [lastOption],
      run: async (invocation) => {
        const { file, words } = await target(invocation, path);
        const rows = readLast(invocation.options['last'], 20, maxRows);
        const filter = readFilter(words, Date.now());
        const records = await findIn(file, filter, 2 * rows);
        return filter.id !== undefined && records.length > 0
          ? auditFields(records)
          : auditTable(records, rows, Date.now());
      },
    },
    {
      ...common,
      name: 'audit verify',
      usage: 'audit verify [file] [--head HASH]',
      description: 'Checks that nobody changed the audit',
      options: [headOption],
      run: async (invocation) => {
        const { file } = await target(invocation, path, 'nothing more');
        const head = readHead(invocation.options['head']);
        const report = await verifyAudit(file, head);
        if (!report.isWhole) throw new CommandError('failed', reportLines(report, head).join('\n'));
        return reportDocument(report, head);
      },
    },
    {
      ...common,
      name: 'audit export',
      usage: `audit export [file] ${filterUsage}`,
      description: 'Prints the records as they are, one JSON object a line',
      run: (invocation) => exported(invocation, path),
    },
    {
      ...common,
      name: 'audit head',
      usage: 'audit head [file]',
      description: 'Prints the hash of the newest record: kept elsewhere, it shows later that nothing was cut off',
      run: async (invocation) => {
        const { file } = await target(invocation, path, 'nothing more');
        const [last] = await findIn(file, {}, 1);
        if (last === undefined) throw new CommandError('not_found', `there is no record in ${file}`);
        return text(last.hash);
      },
    },
  ];
}

async function* exported(invocation: Invocation, path: string): AsyncIterable<Document> {
  const { file, words } = await target(invocation, path);
  for await (const lines of exportLines(file, readFilter(words, Date.now()))) {
    if (invocation.signal.aborted) return;
    yield text(lines.join('\n'));
  }
}

/** Which audit is meant: the first word, unless it is a filter. */
async function target(
  { args: { words } }: Invocation,
  path: string,
  rest: 'filters' | 'nothing more' = 'filters',
): Promise<{ readonly file: string; readonly words: readonly string[] }> {
  const [first] = words;
  const isFile = first !== undefined && (rest === 'nothing more' || !/^[a-z]+=/.test(first));
  const file = isFile ? first : path;
  const others = isFile ? words.slice(1) : words;
  if (file === '') throw new CommandError('not_found', 'there is no audit without a state directory: name its file');
  if (rest === 'nothing more' && others.length > 0) throw new CommandError('usage', `${others.join(' ')} is too much`);
  const files = await auditFiles(file).catch(() => [file]);
  // Killed while a full file was put aside, a bot leaves the others alone.
  await access(files[0] ?? file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new CommandError('not_found', `there is no audit at ${file}`);
    throw new CommandError('failed', `the audit at ${file} cannot be read: ${error.message}`);
  });
  return { file, words: others };
}
