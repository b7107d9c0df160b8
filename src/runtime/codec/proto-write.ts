import type { Field, Type } from 'protobufjs';
import { writeWellKnown } from './well-known.ts';

/** The JSON of a message whose scalars are in JSON form already: what is left are the types with a form of their own. */
export function writeMessage(type: Type, fields: Readonly<Record<string, unknown>>): unknown {
  const known = writeWellKnown(type.fullName, fields);
  if (known !== undefined) return known;
  const entries = type.fieldsArray.flatMap((field) => {
    const value = fields[field.name];
    return value === undefined || value === null ? [] : [[field.name, writeField(field.resolve(), value)]];
  });
  return Object.fromEntries(entries);
}

function writeField(field: Field, value: unknown): unknown {
  const { resolvedType } = field;
  if (resolvedType === null || !('fieldsArray' in resolvedType)) return value;
  const write = (one: unknown): unknown => writeMessage(resolvedType, one as Record<string, unknown>);
  if (Array.isArray(value)) return value.map(write);
  if (!field.map) return write(value);
  return Object.fromEntries(Object.entries(value as object).map(([key, one]: [string, unknown]) => [key, write(one)]));
}
