import { type Command, CommandError, type Invocation } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import type { AuditFilter } from './audit.ts';
import { headOption, lastOption } from './commands.ts';
import { filterUsage, readFilter, readHead, readLast } from './query.ts';
import { openReader } from './open-reader.ts';
import type { AuditReader } from './reader.ts';
import { reportDocument, reportLines } from './report.ts';
import { auditFields, auditTable } from './table.ts';

const maxRows = 10_000;

/** `micro audit show|verify|export|head`, for an audit that a bot keeps here. `path`: where it is, when nobody says. */
export function auditCliCommands(path: string): readonly Command[] {
  const common = { source: { kind: 'builtin' }, effect: 'read' } as const;
  return [
    {
      ...common,
      name: 'audit show',
      usage: `audit show [file|level:DIRECTORY] ${filterUsage}`,
      description: 'Shows who did what, and how it ended',
      options: [lastOption],
      run: async (invocation) => {
        const { place, words } = target(invocation, path);
        const rows = readLast(invocation.options['last'], 20, maxRows);
        const filter = readFilter(words, Date.now());
        const records = await reading(place, (audit) => audit.find(filter, 2 * rows));
        return filter.id !== undefined && records.length > 0
          ? auditFields(records)
          : auditTable(records, rows, Date.now());
      },
    },
    {
      ...common,
      name: 'audit verify',
      usage: 'audit verify [file|level:DIRECTORY] [--head HASH]',
      description: 'Checks that nobody changed the audit',
      options: [headOption],
      run: async (invocation) => {
        const { place } = target(invocation, path, 'nothing more');
        const head = readHead(invocation.options['head']);
        const report = await reading(place, (audit) => audit.verify(head));
        if (!report.isWhole) throw new CommandError('failed', reportLines(report, head).join('\n'));
        return reportDocument(report, head);
      },
    },
    {
      ...common,
      name: 'audit export',
      usage: `audit export [file|level:DIRECTORY] ${filterUsage}`,
      description: 'Prints the records as they are, one JSON object a line',
      run: (invocation) => exported(invocation, path),
    },
    {
      ...common,
      name: 'audit head',
      usage: 'audit head [file|level:DIRECTORY]',
      description: 'Prints the hash of the newest record: kept elsewhere, it shows later that nothing was cut off',
      run: async (invocation) => {
        const { place } = target(invocation, path, 'nothing more');
        const [last] = await reading(place, (audit) => audit.find({}, 1));
        if (last === undefined) throw new CommandError('not_found', `there is no record in ${place}`);
        return text(last.hash);
      },
    },
  ];
}

async function* exported(invocation: Invocation, path: string): AsyncIterable<Document> {
  const { place, words } = target(invocation, path);
  const filter: AuditFilter = readFilter(words, Date.now());
  const audit = await openReader(place);
  try {
    for await (const lines of audit.export(filter)) {
      if (invocation.signal.aborted) return;
      yield text(lines.join('\n'));
    }
  } finally {
    await audit.close();
  }
}

async function reading<T>(place: string, work: (audit: AuditReader) => Promise<T>): Promise<T> {
  const audit = await openReader(place);
  try {
    return await work(audit);
  } finally {
    await audit.close();
  }
}

/** Which audit is meant: the first word, unless it is a filter. */
function target(
  { args: { words } }: Invocation,
  path: string,
  rest: 'filters' | 'nothing more' = 'filters',
): { readonly place: string; readonly words: readonly string[] } {
  const [first] = words;
  const isPlace = first !== undefined && (rest === 'nothing more' || !/^[a-z]+=/.test(first));
  const place = isPlace ? first : path;
  const others = isPlace ? words.slice(1) : words;
  if (place === '') throw new CommandError('not_found', 'there is no audit without a state directory: name its file');
  if (rest === 'nothing more' && others.length > 0) throw new CommandError('usage', `${others.join(' ')} is too much`);
  return { place, words: others };
}
