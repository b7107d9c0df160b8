import type { AuditRecord } from '../audit.ts';
import { numberOf } from '../inspect.ts';
import { glance, readRecord } from '../record.ts';
import { type Block, grown } from './block.ts';
import { type Begun, blockKeys, indexKeys, lastIdKey, recordKey, runningKey, runningValue } from './key.ts';

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** What is to be done for some records, all at once or not at all. */
export interface Change {
  readonly operations: readonly Operation[];
  /** Those that end with it. */
  readonly blocks: readonly Block[];
  /** It was done. */
  done(): void;
}

/** What follows from all records so far. */
export interface IndexedFrom {
  readonly begun: ReadonlyMap<string, Begun>;
  readonly lastId: number;
  /** The block of the newest record, as far as it is there. */
  readonly block: Block | undefined;
}

/** Knows what stands in the database beside the records: it follows from their lines alone. */
export interface Indexed {
  /** The lines that come behind place `last`, in order. With it, records up to the place `forgotten` are deleted. */
  add(lines: readonly string[], last: number, forgotten?: number): Change;
  /** Takes the lines back that `add` gave, and were never done as far as anybody knows. */
  undo(lines: readonly string[], last: number): readonly Operation[];
}

export function createIndexed(from: IndexedFrom): Indexed {
  const running = new Map(from.begun);
  let { lastId, block } = from;

  const add = (lines: readonly string[], last: number, forgotten = 0): Change => {
    const operations: Operation[] = [];
    const put = (key: string, value = ''): void => void operations.push({ type: 'put', key, value });
    /** Undefined: it has ended. */
    const changed = new Map<string, Begun | undefined>();
    for (const [id, { place }] of forgotten === 0 ? [] : running) {
      if (place <= forgotten) changed.set(id, { place, started: undefined });
    }
    const begunOf = (id: string): Begun | undefined => (changed.has(id) ? changed.get(id) : running.get(id));
    const open = (): readonly Begun[] =>
      [...new Map([...running, ...changed]).values()].filter((each) => each !== undefined);
    const blocks: Block[] = [];
    let part = block;
    let highest = lastId;
    const follow = (line: string, record: AuditRecord | undefined, place: number): void => {
      const { id, kind } = glance(line) ?? {};
      if (record !== undefined)
        for (const key of indexKeys(record, place, id === undefined ? undefined : begunOf(id))) put(key);
      if (id === undefined) return;
      if (kind === 'ended') {
        operations.push({ type: 'del', key: runningKey(id) });
        changed.set(id, undefined);
        return;
      }
      highest = Math.max(highest, numberOf(id));
      if (kind !== 'started') return;
      put(runningKey(id), runningValue(id, place));
      changed.set(id, { place, started: record?.kind === 'started' ? record : undefined });
    };
    for (const [index, line] of lines.entries()) {
      const place = last + 1 + index;
      const record = readRecord(line);
      put(recordKey(place), line);
      follow(line, record, place);
      part = grown(part, place, line, record);
      if (place !== part.last) continue;
      blocks.push(part);
      for (const key of blockKeys(part, open())) put(key);
    }
    if (highest > lastId) put(lastIdKey, String(highest));
    return {
      operations,
      blocks,
      done: () => {
        for (const [id, made] of changed) {
          if (made === undefined) running.delete(id);
          else running.set(id, made);
        }
        lastId = highest;
        block = part;
      },
    };
  };

  return {
    add,
    undo(lines, last) {
      const keys = new Set(add(lines, last).operations.map(({ key }) => key));
      keys.delete(lastIdKey);
      const back = [...running].map(
        ([id, { place }]): Operation => ({
          type: 'put',
          key: runningKey(id),
          value: runningValue(id, place),
        }),
      );
      return [
        ...[...keys].map((key): Operation => ({ type: 'del', key })),
        { type: 'put', key: lastIdKey, value: String(lastId) },
        ...back,
      ];
    },
  };
}
