import { MicroError } from '../errors.ts';
import type { Schema } from '../schema.ts';
import type { Codec, EnvelopedRequest } from './codec.ts';
import { readHead, sizeOfAnswerHead, sizeOfRequestHead, writeAnswerHead, writeRequestHead } from './proto-rpc-head.ts';
import { protobufCodec } from './protobuf.ts';

/** Protobuf behind a protobuf envelope, each with its length in front. An answer names no endpoint and an error has no id, as go-micro's. */
export const protoRpcCodec: Codec = {
  name: 'proto-rpc',
  contentType: 'application/proto-rpc',

  encode: (value, schema) => protobufCodec.encode(value, schema),
  decode: (body, schema) => protobufCodec.decode(body, schema),

  envelope: {
    writeRequest({ endpoint, id }, value, schema) {
      const body = framed(sizeOfRequestHead(endpoint), bytesOf(value, schema));
      writeRequestHead(body, 4, id, endpoint);
      return body;
    },

    readRequest(body): EnvelopedRequest {
      const [head, message] = frames(body);
      const { endpoint, id } = readHead(head);
      return { endpoint, id, decode: (schema) => protobufCodec.decode(message, schema) };
    },

    writeAnswer: ({ id }, value, schema) => answer(id, '', bytesOf(value, schema)),

    writeError: (_head, error) => answer('', error, nothing),

    readAnswer(body, schema) {
      const [head, message] = frames(body);
      const { error } = readHead(head);
      if (error !== '') throw MicroError.parse(error);
      return protobufCodec.decode(message, schema);
    },
  },
};

const nothing: Uint8Array = new Uint8Array(0);

const bytesOf = (value: unknown, schema: Schema | undefined): Uint8Array => {
  const bytes = protobufCodec.encode(value, schema);
  return typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
};

function answer(id: string, error: string, message: Uint8Array): Uint8Array {
  const body = framed(sizeOfAnswerHead(error), message);
  writeAnswerHead(body, 4, id, error);
  return body;
}

/** Both frames, with room from byte 4 on for an envelope of `size` bytes. */
function framed(size: number, message: Uint8Array): Buffer {
  const body = Buffer.allocUnsafe(8 + size + message.length);
  body.writeUInt32BE(size, 0);
  body.writeUInt32BE(message.length, 4 + size);
  body.set(message, 8 + size);
  return body;
}

/** The envelope and the message. What follows is ignored, as there. */
function frames(body: Buffer): readonly [Buffer, Buffer] {
  const head = frame(body, 0, 'envelope');
  return [head, frame(body, 4 + head.length, 'message')];
}

function frame(body: Buffer, start: number, what: string): Buffer {
  if (body.length < start + 4) throw new Error(`proto-rpc: the body ends before the length of the ${what}`);
  const length = body.readUInt32BE(start);
  const left = body.length - start - 4;
  if (length > left) throw new Error(`proto-rpc: the ${what} shall have ${length} bytes, and ${left} are there`);
  return body.subarray(start + 4, start + 4 + length);
}
