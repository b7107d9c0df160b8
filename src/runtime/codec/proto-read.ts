import type { Enum, Field, Type } from 'protobufjs';
import { readScalar, unfit } from './proto-scalar.ts';
import { readWellKnown } from './well-known.ts';

/**
 * Checks a value or parsed JSON against a message type and makes of it what protobufjs writes. Accepts every dialect of go-micro's:
 * fields in snake_case or lowerCamelCase, 64-bit as numbers or strings, enums by name or number, bytes as base64. Members that the type
 * doesn't have are dropped, and `null` is an absent field. Throws an `Error` that names the field.
 */
export function readMessage(type: Type, input: unknown, path: string = type.name): Record<string, unknown> {
  const known = readWellKnown(type.fullName, input, path);
  if (known !== undefined) return known;
  if (!isObject(input)) throw unfit(path, input, type.name);
  const message: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const value = valueOf(input, field.resolve());
    if (value !== undefined && value !== null) message[field.name] = readField(field, value, `${path}.${field.name}`);
  }
  return message;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

function valueOf(input: Readonly<Record<string, unknown>>, { name, options }: Field): unknown {
  const jsonName: unknown = options?.['json_name'];
  const spellings = [name, camel(name), snake(name), ...(typeof jsonName === 'string' ? [jsonName] : [])];
  const found = spellings.find((spelling) => Object.hasOwn(input, spelling));
  return found === undefined ? undefined : input[found];
}

const camel = (name: string): string => name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function readField(field: Field, value: unknown, path: string): unknown {
  if (field.map) {
    if (!isObject(value)) throw unfit(path, value, 'map');
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, readOne(field, item, `${path}["${key}"]`)]),
    );
  }
  if (!field.repeated) return readOne(field, value, path);
  if (!Array.isArray(value)) throw unfit(path, value, `[]${field.type}`);
  return value.map((item: unknown, at) => readOne(field, item, `${path}[${at}]`));
}

function readOne({ resolvedType, type }: Field, value: unknown, path: string): unknown {
  if (resolvedType === null) return readScalar(type, value, path);
  return 'fieldsArray' in resolvedType ? readMessage(resolvedType, value, path) : readEnum(resolvedType, value, path);
}

function readEnum({ name, values }: Enum, value: unknown, path: string): number {
  if (typeof value === 'string' && Object.hasOwn(values, value)) return values[value] ?? 0;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw unfit(path, value, name);
}
