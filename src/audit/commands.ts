import { type Caller, type Command, CommandError, type Option } from '../commands/command.ts';
import { text } from '../document/document.ts';
import type { KeptAudit } from './kept.ts';
import { filterUsage, readFilter, readHead, readLast } from './query.ts';
import { reportDocument } from './report.ts';
import { auditFields, auditTable } from './table.ts';

export interface AuditCommandDeps {
  readonly audit: KeptAudit;
  /** Whether this person may read what everybody did. A throw is a no. */
  readonly mayRead: (caller: Caller) => boolean | Promise<boolean>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

export const lastOption: Option = { name: 'last', kind: 'string', usage: 'How many are shown. Default 20' };
export const headOption: Option = {
  name: 'head',
  kind: 'string',
  usage: 'A head that was kept elsewhere, which must be in the audit',
};

const standardRows = 20;
const maxRows = 500;
const minute = 60_000;

/** `audit`, `audit verify` and `audit head`, for those who may. */
export function auditCommands({ audit, mayRead, now = Date.now }: AuditCommandDeps): readonly Command[] {
  const check = async (caller: Caller): Promise<void> => {
    const may = await Promise.resolve(caller)
      .then(mayRead)
      .catch(() => false);
    if (!may) throw new CommandError('failed', 'the audit is for those who hold the role auditor or admin');
  };
  const common = { source: { kind: 'builtin' }, effect: 'read', isAside: true, topic: 'audit' } as const;
  return [
    {
      ...common,
      name: 'audit',
      usage: `audit [--last 20] ${filterUsage}`,
      description: 'Shows who did what, and how it ended',
      examples: ['audit', 'audit person=ann since=1h', 'audit --last 50 outcome=failed service=billing', 'audit id=17'],
      details: ['since and until: how long ago (90m, 2d) or a moment (2026-11-21T14:00, in UTC)'],
      options: [lastOption],
      run: async ({ args, options, caller }) => {
        await check(caller);
        const rows = readLast(options['last'], standardRows, maxRows);
        const filter = readFilter(args.words, now());
        const records = await audit.find(filter, 2 * rows);
        return filter.id !== undefined && records.length > 0 ? auditFields(records) : auditTable(records, rows, now());
      },
    },
    {
      ...common,
      name: 'audit verify',
      usage: 'audit verify [--head HASH]',
      description: 'Checks that nobody changed the audit',
      options: [headOption],
      timeoutMs: 10 * minute,
      run: async ({ options, caller }) => {
        await check(caller);
        const head = readHead(options['head']);
        return reportDocument(await audit.verify(head), head);
      },
    },
    {
      ...common,
      name: 'audit head',
      usage: 'audit head',
      description: 'Shows the hash of the newest record: kept elsewhere, it shows later that nothing was cut off',
      run: async ({ caller }) => {
        await check(caller);
        const { seq, hash } = audit.head;
        return text(`record ${seq}: ${hash}`);
      },
    },
  ];
}
