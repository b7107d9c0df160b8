import type { AuditRecord } from '../audit.ts';

/** Records stand in blocks of so many, by their place: what is known of a whole block need not be asked of each record in it. */
export const blockRecords = 1_024;

export interface Block {
  /** The place of its last record: a multiple of `blockRecords`. */
  readonly last: number;
  /** The earliest and the latest moment in it, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Of its lines. */
  readonly bytes: number;
}

/** The block of a place, as far as its records are there: with one more. Others are forgotten where another block begins. */
export function grown(before: Block | undefined, place: number, line: string, record: AuditRecord | undefined): Block {
  const last = Math.ceil(place / blockRecords) * blockRecords;
  const block =
    before?.last === last ? before : { last, from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, bytes: 0 };
  const bytes = block.bytes + Buffer.byteLength(line) + 1;
  const at = Date.parse(record?.at ?? '');
  if (Number.isNaN(at)) return { ...block, bytes };
  return { last, from: Math.min(block.from, at), to: Math.max(block.to, at), bytes };
}
