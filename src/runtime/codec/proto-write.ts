import type { FieldForm, Fields, ItemForm, MessageForm } from './message-form.ts';
import { writeScalar } from './proto-scalar.ts';
import { nameOf } from './proto-value.ts';

/** The JSON of a message, such that every Go reader takes it: its own field names, 64 bits as strings, enums by name. */
export function writeMessage(form: MessageForm, message: Fields): unknown {
  if (form.wellKnown !== undefined) return form.wellKnown.write(message);
  const json: Record<string, unknown> = {};
  for (const field of form.fields) {
    if (Object.hasOwn(message, field.name)) json[field.name] = writeField(field, message[field.name]);
  }
  return json;
}

function writeField({ kind, item }: FieldForm, value: unknown): unknown {
  switch (kind) {
    case 'one':
      return writeItem(item, value);
    case 'list':
      return (value as readonly unknown[]).map((each) => writeItem(item, each));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, each]: [string, unknown]) => [key, writeItem(item, each)]),
      );
    default:
      return kind satisfies never;
  }
}

function writeItem(item: ItemForm, value: unknown): unknown {
  switch (item.kind) {
    case 'scalar':
      return writeScalar(item.type, value);
    case 'enum':
      return nameOf(item, value);
    case 'message':
      return writeMessage(item.form, value as Fields);
    default:
      return item satisfies never;
  }
}
