import { MicroError } from '../../errors.ts';
import type { Schema } from '../../schema.ts';
import type { Codec, EnvelopedRequest } from '../codec.ts';
import { bsonValues } from './values.ts';

export interface BsonOptions {
  /** What peers call it; go-micro leaves the choice to its users. Default `application/bson-rpc`. */
  readonly contentType?: string;
}

/**
 * BSON as go-micro's plugin bson-rpc writes it: a document with endpoint and id, then the message. Loads the package `bson`.
 *
 * Dates are `Date`s, and 64-bit integers that a double can't hold are decimal strings, or bigints when written. Go has texts and bytes
 * in one form: what the schema calls neither is text when it is UTF-8. Go's `float64` fields take whole numbers from us only when the
 * schema says so. Fields have Go's names: `Name`, not `name`.
 */
export async function loadBsonCodec({ contentType = 'application/bson-rpc' }: BsonOptions = {}): Promise<Codec> {
  const values = bsonValues(await import('bson'));

  const encode = (value: unknown, schema: Schema | undefined): Uint8Array => values.write(value, schema?.value);
  const decode = (body: Buffer, schema: Schema | undefined): unknown => {
    if (schema === undefined) return body.length === 0 ? {} : values.read(document(body, 'message'), undefined);
    const value = body.length === 0 ? {} : values.read(document(body, 'message'), schema.value);
    return schema.json === undefined ? value : schema.json.read(value);
  };
  const head = (members: Readonly<Record<string, string>>): Uint8Array =>
    values.write(
      Object.fromEntries(Object.entries(members).map(([name, text]) => [name, Buffer.from(text)])),
      undefined,
    );
  const text = (members: Readonly<Record<string, unknown>>, name: string): string => {
    const { [name]: member = '' } = members;
    if (typeof member !== 'string') throw new Error(`bson-rpc: the ${name} of an envelope must be a text`);
    return member;
  };

  return {
    name: 'bson-rpc',
    contentType,
    encode,
    decode,
    envelope: {
      writeRequest: ({ endpoint, id }, value, schema) =>
        Buffer.concat([head({ ServiceMethod: endpoint, Seq: id }), encode(value, schema)]),

      readRequest(body): EnvelopedRequest {
        const first = document(body, 'envelope');
        const members = readHead(first);
        const message = document(body.subarray(first.length), 'message');
        return {
          endpoint: text(members, 'ServiceMethod'),
          id: text(members, 'Seq'),
          decode: (schema) => decode(message, schema),
        };
      },

      writeAnswer: ({ id }, value, schema) =>
        Buffer.concat([head({ ServiceMethod: '', Seq: id, Error: '' }), encode(value, schema)]),

      writeError: ({ id }, error) => head({ ServiceMethod: '', Seq: id, Error: error }),

      readAnswer(body, schema) {
        const first = document(body, 'envelope');
        const error = text(readHead(first), 'Error');
        if (error !== '') throw MicroError.parse(error);
        return decode(document(body.subarray(first.length), 'message'), schema);
      },
    },
  };

  function readHead(bytes: Buffer): Readonly<Record<string, unknown>> {
    return values.read(bytes, envelopeShape) as Readonly<Record<string, unknown>>;
  }
}

const envelopeShape = {
  name: '',
  type: 'Envelope',
  values: ['ServiceMethod', 'Seq', 'Error'].map((name) => ({ name, type: 'string', values: [] })),
};

/** The document at the beginning of `bytes`, which says its own length. */
function document(bytes: Buffer, what: string): Buffer {
  if (bytes.length < 5) throw new Error(`bson-rpc: the body ends before the ${what}`);
  const length = bytes.readUInt32LE(0);
  if (length > bytes.length) {
    throw new Error(`bson-rpc: the ${what} shall have ${length} bytes, and ${bytes.length} are there`);
  }
  return bytes.subarray(0, length);
}
