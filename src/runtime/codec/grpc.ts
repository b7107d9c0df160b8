import type { Body } from '../transport/transport.ts';
import type { Codec } from './codec.ts';
import { readJson, writeJson } from './json.ts';
import { octetsCodec } from './octets.ts';
import { protobufCodec } from './protobuf.ts';

/** The content types of gRPC when mucp carries them: each message behind the five bytes that gRPC puts in front. */
export const grpcCodecs: readonly Codec[] = [
  { ...binary('grpc'), contentType: 'application/grpc' },
  { ...binary('grpc+proto'), contentType: 'application/grpc+proto' },
  {
    name: 'grpc+json',
    contentType: 'application/grpc+json',
    encode: (value, schema) => framed(Buffer.from(writeJson(value, schema))),
    decode: (body, schema) => readJson(unframed(body).toString(), schema),
  },
  // Only events: mucp has no such requests, and who publishes bytes over gRPC frames none.
  { ...octetsCodec, name: 'grpc+bytes', contentType: 'application/grpc+bytes' },
];

function binary(name: string): Pick<Codec, 'name' | 'encode' | 'decode'> {
  return {
    name,
    encode: (value, schema) => framed(protobufCodec.encode(value, schema)),
    decode: (body, schema) => protobufCodec.decode(unframed(body), schema),
  };
}

/** As go-micro's. */
const maxBytes = 4 * 1024 * 1024;

function framed(message: Body): Uint8Array {
  const bytes = typeof message === 'string' ? Buffer.from(message) : message;
  if (bytes.length > maxBytes) throw tooLarge(bytes.length);
  const body = Buffer.allocUnsafe(5 + bytes.length);
  body[0] = 0;
  body.writeUInt32BE(bytes.length, 1);
  body.set(bytes, 5);
  return body;
}

/**
 * The message of a frame. Events may come without one, when they were published by a gRPC client: no protobuf and no JSON begins with
 * the byte 0 or 1, so the two can't be taken for each other. An empty body is an empty message; bytes behind the frame are ignored.
 */
function unframed(body: Buffer): Buffer {
  const flag = body[0];
  if (flag !== 0 && flag !== 1) {
    if (body.length > maxBytes) throw tooLarge(body.length);
    return body;
  }
  if (body.length < 5) throw new Error(`grpc: the message begins with 5 bytes, and ${body.length} are there`);
  if (flag === 1) throw new Error('grpc: the message is compressed, which go-micro never does');
  const length = body.readUInt32BE(1);
  if (length > maxBytes) throw tooLarge(length);
  if (length > body.length - 5) {
    throw new Error(`grpc: the message shall have ${length} bytes, and ${body.length - 5} are there`);
  }
  return body.subarray(5, 5 + length);
}

const tooLarge = (bytes: number): Error =>
  new Error(`grpc: the message has ${bytes} bytes, more than the ${maxBytes} it may have`);
