import type { EnumForm, FieldForm, Fields, ItemForm, MessageForm } from './message-form.ts';
import { isLong, zeroOf } from './proto-scalar.ts';

/** The value a program sees of a message: as protobuf's own decoding gives it. */
export function valueOf(form: MessageForm, message: Fields): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of form.fields) {
    if (Object.hasOwn(message, field.name)) value[field.name] = fieldValue(field, message[field.name]);
    else if (field.choice === undefined) value[field.name] = absent(field);
  }
  return value;
}

function fieldValue({ kind, item }: FieldForm, value: unknown): unknown {
  switch (kind) {
    case 'one':
      return itemValue(item, value);
    case 'list':
      return (value as readonly unknown[]).map((each) => itemValue(item, each));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, each]: [string, unknown]) => [key, itemValue(item, each)]),
      );
    default:
      return kind satisfies never;
  }
}

function itemValue(item: ItemForm, value: unknown): unknown {
  switch (item.kind) {
    case 'scalar':
      return isLong(item.type) ? String(value) : value;
    case 'enum':
      return nameOf(item, value);
    case 'message':
      return valueOf(item.form, value as Fields);
    default:
      return item satisfies never;
  }
}

export const nameOf = ({ names }: EnumForm, number: unknown): unknown => names.get(number as number) ?? number;

function absent({ kind, item }: FieldForm): unknown {
  if (kind !== 'one') return kind === 'list' ? [] : {};
  switch (item.kind) {
    case 'scalar':
      return zeroOf(item.type);
    case 'enum':
      return nameOf(item, item.first);
    case 'message':
      return null;
    default:
      return item satisfies never;
  }
}
