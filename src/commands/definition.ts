import { z } from 'zod';
import type { ServiceRecord } from '../discovery/registry.ts';
import { CommandError } from './command.ts';

const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

interface Value {
  readonly name: string;
  readonly type: string;
  readonly values: readonly Value[];
}

const value: z.ZodType<Value> = z.lazy(() =>
  z.object({ name: z.string().default(''), type: z.string().default(''), values: list(value) }),
);

const optionalValue = value.nullish().transform((shape) => shape ?? undefined);

const endpoint = z.object({ name: z.string().min(1), request: optionalValue, response: optionalValue, metadata });

const node = z
  .object({
    id: z.string().min(1),
    address: z.string().min(1),
    port: z.int().min(0).max(65_535).default(0),
    metadata,
  })
  .transform(({ id, address, port, metadata }) => ({ id, address: withPort(address, port), metadata }));

const service = z.object({
  name: z.string().min(1),
  version: z.string().default(''),
  metadata,
  endpoints: list(endpoint),
  nodes: z.array(node).min(1),
});

/**
 * A service as a person defines it in JSON. Names are understood in any case, as Go does; an address may stand with its port or
 * beside it. Throws a `CommandError` (`usage`) that names what is missing or wrong.
 */
export function readDefinition(json: string): ServiceRecord {
  const read = service.safeParse(lowerCase(JSON.parse(json)));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('') ?? '';
  throw new CommandError('usage', `service definition: ${where.replace(/^\./, '')}: ${issue?.message ?? 'invalid'}`);
}

/** Go's decoder does not care about the case of names; only the keys of metadata are data. */
function lowerCase(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(lowerCase);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, member]) => {
      const name = key.toLowerCase();
      return [name, name === 'metadata' ? member : lowerCase(member)];
    }),
  );
}

function withPort(address: string, port: number): string {
  if (port === 0 || /^(?:[^:]*|\[.*\]):\d+$/.test(address)) return address;
  return address.includes(':') && !address.startsWith('[') ? `[${address}]:${port}` : `${address}:${port}`;
}
