import { z } from 'zod';
import { members } from './members.ts';
import { RegistryError, type ServiceRecord, type Value } from './registry.ts';

/** Deeper shapes than this are not read: Go describes two levels, and a hostile record must not exhaust the stack. */
const maxDepth = 16;

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const needed = z.string().min(1);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((pairs) => pairs ?? {});

const valueAt = (depth: number): z.ZodType<Value> =>
  z.preprocess(
    members,
    z.object({
      name: text,
      type: text,
      values: depth === maxDepth ? z.unknown().transform((): Value[] => []) : list(z.lazy(() => valueAt(depth + 1))),
    }),
  );
const value = valueAt(1)
  .nullish()
  .transform((given) => given ?? undefined);

const endpoint = z.preprocess(members, z.object({ name: needed, request: value, response: value, metadata }));

const node = z.preprocess(
  members,
  z
    .object({ id: needed, address: needed, port: z.number().int().min(0).max(65_535).nullish(), metadata })
    .transform(({ port, address, ...rest }) => ({ ...rest, address: joined(address, port ?? 0) })),
);

const record = z.preprocess(
  members,
  z.object({ name: needed, version: text, metadata, endpoints: list(endpoint), nodes: list(node) }),
);

/**
 * Reads a service record from JSON that somebody else wrote, as tolerantly as Go does: any spelling of member names, `null` for what is
 * empty, unknown members ignored, and the `port` of old records joined to the address. Throws `invalid` with a sentence.
 */
export const parseRecord = (json: unknown): ServiceRecord => read(record, json, 'The service record');

function read<T>(schema: z.ZodType<T>, json: unknown, subject: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new RegistryError(
    'invalid',
    `${subject} is not valid: ${issue === undefined ? 'unreadable' : sentence(issue)}`,
    {
      cause: result.error,
    },
  );
}

function sentence({ path, code, message, ...issue }: z.core.$ZodIssue): string {
  const where = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  const subject = where === '' ? 'it' : where;
  if (code === 'invalid_type' && 'expected' in issue) return `${subject} must be a ${kind(String(issue.expected))}`;
  if (code === 'too_small' && message.includes('string')) return `${subject} must not be empty`;
  return `${subject}: ${message}`;
}

const kinds: Readonly<Record<string, string>> = { object: 'JSON object', record: 'JSON object', array: 'list' };
const kind = (expected: string): string => kinds[expected] ?? expected;

/** Records of go-micro before 1.8 have the port beside the address. */
function joined(address: string, port: number): string {
  if (port === 0 || /^[^:]*:\d+$|^\[.*\]:\d+$/.test(address)) return address;
  return address.includes(':') && !address.startsWith('[') ? `[${address}]:${port}` : `${address}:${port}`;
}
