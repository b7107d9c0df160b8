import { numberOf } from '../inspect.ts';
import { glance, readRecord } from '../record.ts';
import { type Begun, indexKeys, lastIdKey, recordKey, runningKey, runningValue } from './key.ts';

export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/** What is to be done for some records, all at once or not at all. */
export interface Change {
  readonly operations: readonly Operation[];
  /** It was done. */
  done(): void;
}

/** Knows what stands in the database beside the records: it follows from their lines alone. */
export interface Indexed {
  /** The lines that come behind place `last`, in order. */
  add(lines: readonly string[], last: number): Change;
  /** Takes the lines back that `add` gave, and were never done as far as anybody knows. */
  undo(lines: readonly string[], last: number): readonly Operation[];
}

export function createIndexed(begun: ReadonlyMap<string, Begun>, from: number): Indexed {
  const running = new Map(begun);
  let lastId = from;

  const add = (lines: readonly string[], last: number): Change => {
    const operations: Operation[] = [];
    const put = (key: string, value = ''): void => void operations.push({ type: 'put', key, value });
    /** Undefined: it has ended. */
    const changed = new Map<string, Begun | undefined>();
    const begunOf = (id: string): Begun | undefined => (changed.has(id) ? changed.get(id) : running.get(id));
    let highest = lastId;
    for (const [index, line] of lines.entries()) {
      const place = last + 1 + index;
      put(recordKey(place), line);
      const seen = glance(line);
      const record = readRecord(line);
      const id = seen?.id;
      if (record !== undefined)
        for (const key of indexKeys(record, place, id === undefined ? undefined : begunOf(id))) put(key);
      if (id === undefined || seen === undefined) continue;
      if (seen.kind === 'ended') {
        operations.push({ type: 'del', key: runningKey(id) });
        changed.set(id, undefined);
        continue;
      }
      highest = Math.max(highest, numberOf(id));
      if (seen.kind !== 'started') continue;
      put(runningKey(id), runningValue(id, place));
      changed.set(id, { place, started: record?.kind === 'started' ? record : undefined });
    }
    if (highest > lastId) put(lastIdKey, String(highest));
    return {
      operations,
      done: () => {
        for (const [id, made] of changed) {
          if (made === undefined) running.delete(id);
          else running.set(id, made);
        }
        lastId = highest;
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
