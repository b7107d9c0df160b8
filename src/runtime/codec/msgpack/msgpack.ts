import { MicroError } from '../../errors.ts';
import type { Schema } from '../../schema.ts';
import type { Codec, EnvelopedRequest } from '../codec.ts';
import { msgpackValues } from './values.ts';

export interface MsgpackOptions {
  /** Default `application/msgpack`. */
  readonly contentType?: string;
}

/** The first member of each array. */
const request = 0;
const answer = 1;
const notification = 2;

/**
 * MessagePack as go-micro's plugin msgpack-rpc writes it: `[0, id, endpoint, [message]]`, `[1, id, error, message]`, and, for an event,
 * `[2, "", [message]]`. Loads the package `@msgpack/msgpack`.
 *
 * Dates are `Date`s, in the form that Go's package has for them; 64-bit integers that a double can't hold are decimal strings, or bigints
 * when written; bytes are `Buffer`s. An event may also come bare.
 */
export async function loadMsgpackCodec({ contentType = 'application/msgpack' }: MsgpackOptions = {}): Promise<Codec> {
  const values = msgpackValues(await import('@msgpack/msgpack'));

  const typed = (value: unknown, schema: Schema | undefined): unknown =>
    schema?.json === undefined ? (value ?? {}) : schema.json.read(value ?? {});

  const members = (body: Buffer, kind: number, count: number): readonly unknown[] => {
    const array = values.read(body);
    if (Array.isArray(array) && array.length === count && array[0] === kind) return array;
    throw new Error(`msgpack-rpc: the body must be an array of ${count} that begins with ${kind}`);
  };

  return {
    name: 'msgpack-rpc',
    contentType,

    encode: (value, schema) => values.write([notification, '', [value ?? {}]], listShape(schema)),

    decode(body, schema) {
      const value = body.length === 0 ? {} : values.read(body);
      if (!Array.isArray(value)) return typed(value, schema);
      const [, , params] = members(body, notification, 3);
      return typed(messageOf(params), schema);
    },

    envelope: {
      writeRequest: ({ endpoint, id }, value, schema) =>
        values.write([request, id, endpoint, [value ?? {}]], listShape(schema)),

      readRequest(body): EnvelopedRequest {
        const [, id, endpoint, params] = members(body, request, 4);
        const message = messageOf(params);
        return {
          endpoint: textOf(endpoint, 'method'),
          id: textOf(id, 'id'),
          decode: (schema) => typed(message, schema),
        };
      },

      writeAnswer: ({ id }, value, schema) => values.write([answer, id, null, value ?? {}], schema?.value),

      writeError: ({ id }, error) => values.write([answer, id, error, null], undefined),

      readAnswer(body, schema) {
        const [, , error, result] = members(body, answer, 4);
        if (error !== null) throw MicroError.parse(textOf(error, 'error'));
        return typed(result, schema);
      },
    },
  };
}

/** The message is the last member, or the first of the list that is the last member. */
const listShape = (schema: Schema | undefined): Schema['value'] | undefined =>
  schema === undefined ? undefined : { ...schema.value, type: `[]${schema.value.type}` };

/** An empty list is an empty message, as there. */
function messageOf(params: unknown): unknown {
  if (Array.isArray(params) && params.length <= 1) return params[0];
  throw new Error('msgpack-rpc: the params must be an array of one message');
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`msgpack-rpc: the ${what} must be a text`);
}
