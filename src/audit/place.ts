/** Where an audit is kept, and in what. */
export type AuditPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'level'; readonly directory: string };

const levelBegin = 'level:';

/** Reads `/var/lib/micro/audit.ndjson`, a file, or `level:/var/lib/micro/audit`, the directory of a database. */
export const readPlace = (text: string): AuditPlace =>
  text.startsWith(levelBegin)
    ? { kind: 'level', directory: text.slice(levelBegin.length) }
    : { kind: 'file', path: text };
