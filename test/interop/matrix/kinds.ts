import { loadProto } from '../../../src/runtime/codec/proto-file.ts';
import type { Schema } from '../../../src/runtime/schema.ts';
import type { Kind } from './cells.ts';

/** Messages of one kind, each of which carries a text. */
export interface Messages {
  /** The Go handler that talks in them, and ours. */
  readonly handler: 'Json' | 'Proto' | 'Bytes';
  readonly schema?: Schema;
  readonly write: (text: string) => unknown;
  readonly read: (message: unknown) => string;
}

const proto = await loadProto('syntax = "proto3"; message StringValue { string value = 1; }');

export const messagesOf: Readonly<Record<Kind, Messages>> = {
  json: {
    handler: 'Json',
    write: (text) => ({ text }),
    read: (message) => (message as { readonly text?: string }).text ?? '',
  },
  proto: {
    handler: 'Proto',
    schema: proto.schema('StringValue'),
    write: (value) => ({ value }),
    read: (message) => (message as { readonly value?: string }).value ?? '',
  },
  bytes: {
    handler: 'Bytes',
    write: (text) => Buffer.from(text),
    read: (message) => (message as Buffer).toString(),
  },
};
