import type { Field, Type } from 'protobufjs';
import type { Value } from '../../discovery/registry.ts';

/** How deep go-micro describes messages: fields, and fields of message fields. */
const depth = 2;

/** Go's names of the scalars. */
const scalars: Readonly<Record<string, string>> = {
  double: 'float64',
  float: 'float32',
  int32: 'int32',
  sint32: 'int32',
  sfixed32: 'int32',
  uint32: 'uint32',
  fixed32: 'uint32',
  int64: 'int64',
  sint64: 'int64',
  sfixed64: 'int64',
  uint64: 'uint64',
  fixed64: 'uint64',
  bool: 'bool',
  string: 'string',
  bytes: '[]uint8',
};

/** What the registry is told about a message. */
export const shapeOf = (type: Type): Value => ({
  name: goName(type),
  type: goName(type),
  values: fieldsOf(type, depth),
});

const fieldsOf = (type: Type, levels: number): readonly Value[] =>
  levels === 0 ? [] : type.fieldsArray.map((field) => valueOf(field, levels));

function valueOf(field: Field, levels: number): Value {
  const { name, resolvedType } = field.resolve();
  if (field.map) return { name, type: '', values: [] };
  const type = resolvedType === null ? (scalars[field.type] ?? field.type) : goName(resolvedType);
  if (field.repeated) return { name, type: `[]${type}`, values: [] };
  const isMessage = resolvedType !== null && 'fieldsArray' in resolvedType;
  return { name, type, values: isMessage ? fieldsOf(resolvedType, levels - 1) : [] };
}

/** A nested message `Inner` of `Outer` is `Outer_Inner` in Go. */
function goName({ name, parent }: { readonly name: string; readonly parent: object | null }): string {
  return parent !== null && 'fieldsArray' in parent ? `${goName(parent as Type)}_${name}` : name;
}
