import { members } from '../members.ts';
import { parseRecord } from '../record.ts';
import { recordJson } from '../record-json.ts';
import { RegistryError, type ServiceRecord } from '../registry.ts';
import { slugOf } from './keys.ts';

/**
 * What a pod says of the services with one slug. go-micro has room for one record, so it is that of the newest; what else there is (further
 * versions, names with the same slug) goes into a member that go-micro does not look at.
 */
export function textOf([newest, ...others]: readonly ServiceRecord[]): string | null {
  if (newest === undefined) return null;
  const json = recordJson(newest);
  return others.length === 0 ? json : `${json.slice(0, -1)},"others":[${others.map(recordJson).join()}]}`;
}

/** Reads what a pod says. Records that can't be read are left out, with a word to `onBroken`. */
export function recordsIn(
  text: string,
  slug: string,
  onBroken: (error: RegistryError) => void,
): readonly ServiceRecord[] {
  const records: ServiceRecord[] = [];
  const attempt = (read: () => ServiceRecord): void => {
    try {
      records.push(read());
    } catch (error) {
      onBroken(error instanceof RegistryError ? error : new RegistryError('invalid', String(error), { cause: error }));
    }
  };
  let json: unknown;
  attempt(() => {
    json = parseJson(text);
    return fitting(parseRecord(json), slug);
  });
  for (const other of othersOf(json)) attempt(() => fitting(parseRecord(other), slug));
  return records;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RegistryError('invalid', 'The service record is no JSON', { cause });
  }
}

function fitting(record: ServiceRecord, slug: string): ServiceRecord {
  if (slugOf(record.name) === slug) return record;
  throw new RegistryError(
    'invalid',
    `The service record is of ${JSON.stringify(record.name)}, which nobody looks for here`,
  );
}

function othersOf(json: unknown): readonly unknown[] {
  const object = members(json);
  const others = typeof object === 'object' && object !== null && 'others' in object ? object.others : [];
  return Array.isArray(others) ? others : [];
}
