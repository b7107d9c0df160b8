import type { Log } from '../../log/log.ts';
import { newComplaints } from '../complaints.ts';
import { parseRecord } from '../record.ts';
import type { ServiceRecord } from '../registry.ts';

/** Reads what others wrote. What is no record is left out and logged once. */
export interface Reader {
  text(text: string): ServiceRecord | undefined;
  json(json: unknown): ServiceRecord | undefined;
}

export function newReader(log: Log): Reader {
  const tell = newComplaints(log);

  const complain = (service: string, error: unknown): void => {
    const key = `${service}\0${error instanceof Error ? error.message : ''}`;
    tell(key, 'NATS: an unreadable record is left out', { service, error });
  };

  const json = (value: unknown): ServiceRecord | undefined => {
    try {
      return parseRecord(value);
    } catch (error) {
      complain(nameOf(value), error);
      return undefined;
    }
  };

  return {
    json,
    text(text) {
      try {
        return json(JSON.parse(text));
      } catch {
        // Node's own sentence repeats a part of the text, which is different each time.
        complain('', new Error('it is no JSON'));
        return undefined;
      }
    },
  };
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const name = Object.entries(value).find(([member]) => member.toLowerCase() === 'name')?.[1] as unknown;
  return typeof name === 'string' ? name.slice(0, 200) : '';
}
