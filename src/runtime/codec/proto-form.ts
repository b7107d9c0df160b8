import type { Field, Type } from 'protobufjs';
import type { FieldForm, ItemForm, MessageForm } from './message-form.ts';
import { camel, goName, snake } from './proto-names.ts';
import { wellKnownOf } from './well-known.ts';

const forms = new WeakMap<Type, MessageForm>();

export function formOf(type: Type): MessageForm {
  const known = forms.get(type);
  if (known !== undefined) return known;
  const fields: FieldForm[] = [];
  const bySpelling = new Map<string, FieldForm>();
  const byGoName = new Map<string, Map<string, FieldForm>>();
  const form = { name: type.name, fields, bySpelling, byGoName, wellKnown: wellKnownOf(type, formOf) };
  // Types may contain themselves.
  forms.set(type, form);

  for (const field of type.fieldsArray) {
    const made = fieldForm(field);
    fields.push(made);
    for (const spelling of spellingsOf(field)) bySpelling.set(spelling, made);
  }
  // A field's own name is nobody else's spelling.
  for (const field of fields) bySpelling.set(field.name, field);
  for (const { name, fieldsArray } of type.oneofsArray) {
    const members = fieldsArray.map((field) => [goName(field.name), bySpelling.get(field.name)] as const);
    const choice = new Map(members.filter((member): member is [string, FieldForm] => member[1] !== undefined));
    if (!bySpelling.has(goName(name))) byGoName.set(goName(name), choice);
  }
  return form;
}

function fieldForm(field: Field): FieldForm {
  const { name, map, repeated, partOf } = field.resolve() as Field & { readonly keyType?: string };
  return {
    name,
    kind: map ? 'map' : repeated ? 'list' : 'one',
    item: itemForm(field),
    keys: 'keyType' in field ? String(field.keyType) : '',
    choice: partOf?.name,
  };
}

function itemForm({ resolvedType, type }: Field): ItemForm {
  if (resolvedType === null) return { kind: 'scalar', type };
  if ('fieldsArray' in resolvedType) return { kind: 'message', form: formOf(resolvedType) };
  const { name, values, valuesById } = resolvedType;
  return {
    kind: 'enum',
    name,
    numbers: new Map(Object.entries(values)),
    names: new Map(Object.entries(valuesById).map(([number, text]) => [Number(number), text])),
    first: Object.values(values)[0] ?? 0,
  };
}

const spellingsOf = ({ name, jsonName }: Field): readonly string[] => [
  name,
  camel(name),
  snake(name),
  jsonName ?? name,
];
