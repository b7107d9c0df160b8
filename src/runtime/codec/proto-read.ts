import type { EnumForm, FieldForm, Fields, ItemForm, MessageForm } from './message-form.ts';
import { stepped, unfit } from './misfit.ts';
import { readKey, readScalar } from './proto-scalar.ts';

/** As deep as protobuf itself allows. */
const maxDepth = 100;

/**
 * Checks a value or parsed JSON against a message type. Accepts every dialect of go-micro's: fields in snake_case or lowerCamelCase,
 * 64-bit as numbers or strings, enums by name or number, bytes as base64. Members that the type doesn't have are dropped, and `null` is
 * an absent field. Throws a `Misfit`.
 */
export function readMessage(form: MessageForm, input: unknown, depth: number = 0): Fields {
  const known = form.wellKnown?.read(input, depth);
  if (known !== undefined) return known;
  if (!isObject(input)) throw unfit(input, form.name);
  if (depth === maxDepth) throw new Error(`${form.name}: messages are nested more than ${maxDepth} deep`);
  const message: Fields = {};
  for (const key of Object.keys(input)) {
    const value = input[key];
    if (value === undefined || value === null) continue;
    const field = form.bySpelling.get(key);
    if (field === undefined) readChoice(form, key, value, message, depth);
    // When a name is there in two spellings, the type's own counts.
    else if (field.name === key || !Object.hasOwn(input, field.name)) put(message, form, field, value, depth);
  }
  return message;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof Date);

/** A oneof as Go's `encoding/json` writes it. */
function readChoice(form: MessageForm, key: string, value: unknown, message: Fields, depth: number): void {
  const members = form.byGoName.get(key);
  if (members === undefined || !isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    const field = members.get(name);
    if (field !== undefined && item !== null) put(message, form, field, item, depth);
  }
}

function put(message: Fields, form: MessageForm, field: FieldForm, value: unknown, depth: number): void {
  const { name, choice } = field;
  try {
    message[name] = readField(field, value, depth);
  } catch (error) {
    throw stepped(error, `.${name}`);
  }
  if (choice === undefined) return;
  const other = form.fields.find(
    (each) => each.choice === choice && each !== field && Object.hasOwn(message, each.name),
  );
  if (other !== undefined)
    throw stepped(unfit(value, `value beside .${other.name}: ${choice} is one of them`), `.${name}`);
}

function readField({ kind, item, keys }: FieldForm, value: unknown, depth: number): unknown {
  switch (kind) {
    case 'one':
      return readItem(item, value, depth);
    case 'list':
      if (!Array.isArray(value)) throw unfit(value, `[]${typeOf(item)}`);
      return value.map((each: unknown, at) => step(`[${at}]`, () => readItem(item, each, depth)));
    case 'map':
      if (!isObject(value)) throw unfit(value, 'map');
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) =>
          step(`["${key}"]`, () => [readKey(keys, key), readItem(item, each, depth)] as const),
        ),
      );
    default:
      return kind satisfies never;
  }
}

function step<T>(text: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw stepped(error, text);
  }
}

function readItem(item: ItemForm, value: unknown, depth: number): unknown {
  switch (item.kind) {
    case 'scalar':
      return readScalar(item.type, value);
    case 'enum':
      return readEnum(item, value);
    case 'message':
      return readMessage(item.form, value, depth + 1);
    default:
      return item satisfies never;
  }
}

function typeOf(item: ItemForm): string {
  if (item.kind === 'scalar') return item.type;
  return item.kind === 'enum' ? item.name : item.form.name;
}

function readEnum({ name, numbers }: EnumForm, value: unknown): number {
  const number = typeof value === 'string' ? numbers.get(value) : value;
  if (typeof number === 'number' && number === Math.trunc(number) && Math.abs(number) <= 2 ** 31) return number;
  throw unfit(value, name);
}
