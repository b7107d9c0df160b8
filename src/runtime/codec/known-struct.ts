import type { Type } from 'protobufjs';
import type { Fields, WellKnown } from './message-form.ts';
import { unfit } from './misfit.ts';
import { camel, snake } from './proto-names.ts';
import { writeScalar } from './proto-scalar.ts';

/*
 * The types that hold any JSON. Their fields are told by number: whoever described them chose how the names are written. A value that
 * is in the form of the message already is read as one.
 */

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (type: Type, id: number): string => type.fieldsById[id]?.name ?? '';

/** The type of a field that is a message. */
function typeOf(type: Type, id: number): Type {
  const resolved = type.fieldsById[id]?.resolve().resolvedType;
  if (resolved !== null && resolved !== undefined && 'fieldsArray' in resolved) return resolved;
  throw new Error(`${type.fullName} is not what Google says it is`);
}

export const valueType = (type: Type): WellKnown => ({
  read: (json, depth) => (isValueMessage(json) ? undefined : readValue(type, json, depth)),
  write: (message) => writeValue(type, message),
});

export const structType = (type: Type): WellKnown => ({
  read(json, depth) {
    if (!isObject(json)) throw unfit(json, 'object');
    const { fields } = json;
    const isMessage = Object.keys(json).length === 1 && isObject(fields) && Object.values(fields).every(isValueMessage);
    return isMessage ? undefined : readStruct(type, json, depth);
  },
  write: (message) => writeStruct(type, message),
});

export const listValue = (type: Type): WellKnown => ({
  read: (json, depth) => (Array.isArray(json) ? readList(type, json, depth) : undefined),
  write: (message) => writeList(type, message),
});

export const fieldMask = (): WellKnown => ({
  read: (json) => (typeof json === 'string' ? { paths: json === '' ? [] : json.split(',').map(snake) } : undefined),
  write: ({ paths = [] }) => (paths as readonly string[]).map(camel).join(','),
});

const kinds: ReadonlySet<string> = new Set([
  ...['null', 'number', 'string', 'bool', 'struct', 'list'].flatMap((kind) => [`${kind}_value`, `${kind}Value`]),
  'Kind',
]);

function isValueMessage(json: unknown): boolean {
  const [key, ...more] = isObject(json) ? Object.keys(json) : [];
  return key !== undefined && more.length === 0 && kinds.has(key);
}

function readValue(type: Type, json: unknown, depth: number): Fields {
  // Ids as in struct.proto: null, number, string, bool, struct, list.
  if (json === null) return { [nameOf(type, 1)]: 0 };
  if (typeof json === 'number') return { [nameOf(type, 2)]: json };
  if (typeof json === 'string') return { [nameOf(type, 3)]: json };
  if (typeof json === 'boolean') return { [nameOf(type, 4)]: json };
  if (depth > 100) throw new Error('Value: values are nested more than 100 deep');
  if (Array.isArray(json)) return { [nameOf(type, 6)]: readList(typeOf(type, 6), json, depth + 1) };
  if (isObject(json)) return { [nameOf(type, 5)]: readStruct(typeOf(type, 5), json, depth + 1) };
  throw unfit(json, 'JSON value');
}

function readStruct(type: Type, json: Readonly<Record<string, unknown>>, depth: number): Fields {
  const value = typeOf(type, 1);
  const there = Object.entries(json).filter(([, item]) => item !== undefined);
  return { [nameOf(type, 1)]: Object.fromEntries(there.map(([key, item]) => [key, readValue(value, item, depth)])) };
}

const readList = (type: Type, json: readonly unknown[], depth: number): Fields => ({
  [nameOf(type, 1)]: json.map((item) => readValue(typeOf(type, 1), item, depth)),
});

function writeValue(type: Type, message: Fields): unknown {
  const [set] = type.fieldsArray.filter(({ name }) => Object.hasOwn(message, name));
  if (set === undefined || set.id === 1) return null;
  const value = message[set.name];
  if (set.id === 5) return writeStruct(typeOf(type, 5), value as Fields);
  return set.id === 6 ? writeList(typeOf(type, 6), value as Fields) : writeScalar(set.type, value);
}

function writeStruct(type: Type, { [nameOf(type, 1)]: fields = {} }: Fields): unknown {
  const entries: readonly (readonly [string, Fields])[] = Object.entries(fields as Record<string, Fields>);
  return Object.fromEntries(entries.map(([key, item]) => [key, writeValue(typeOf(type, 1), item)]));
}

const writeList = (type: Type, { [nameOf(type, 1)]: values = [] }: Fields): unknown =>
  (values as readonly Fields[]).map((item) => writeValue(typeOf(type, 1), item));
