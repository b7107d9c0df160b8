import { MicroError } from '../errors.ts';
import type { Schema } from '../schema.ts';
import type { Codec, EnvelopedRequest } from './codec.ts';
import { parseJson, readJson, writeJson } from './json.ts';

/** JSON-RPC 1.0, one object a message, as go-micro writes it. An error has no id there, and neither has it here. */
export const jsonRpcCodec: Codec = {
  name: 'json-rpc',
  contentType: 'application/json-rpc',

  encode: writeJson,
  decode: (body, schema) => readJson(body.toString(), schema),

  envelope: {
    writeRequest: ({ endpoint, id }, value, schema) =>
      `{"method":${JSON.stringify(endpoint)},"params":[${writeJson(value, schema)}],"id":${JSON.stringify(id)}}\n`,

    readRequest(body): EnvelopedRequest {
      const text = body.toString();
      const { method = '', params, id } = objectOf(parseJson(text), 'request');
      if (typeof method !== 'string') throw new Error('json-rpc: the method of a request must be a string');
      firstOf(params);
      return {
        endpoint: method,
        id: idOf(id),
        decode: (schema) => (schema?.json === undefined ? firstOf(params) : exactly(text, schema, messageOf)),
      };
    },

    writeAnswer: ({ id }, value, schema) =>
      `{"id":${JSON.stringify(id)},"result":${writeJson(value, schema)},"error":null}\n`,

    writeError: (_head, error) => `{"id":"","result":null,"error":${JSON.stringify(error)}}\n`,

    readAnswer(body, schema) {
      const text = body.toString();
      const answer = objectOf(parseJson(text), 'answer');
      const { error = null } = answer;
      if (error !== null) throw MicroError.parse(errorOf(error));
      return schema?.json === undefined ? resultOf(answer) : exactly(text, schema, resultOf);
    },
  },
};

type Members = Readonly<Record<string, unknown>>;

function objectOf(value: unknown, what: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new Error(`json-rpc: a ${what} must be an object`);
}

const messageOf = ({ params }: Members): unknown => firstOf(params);
const resultOf = ({ result = {} }: Members): unknown => result;

/** Reads the text once more, this time with all the digits that the schema may want. */
const exactly = (text: string, schema: Schema, pick: (members: Members) => unknown): unknown =>
  readJson(text, schema, (value) => pick(value as Members));

function firstOf(params: unknown): unknown {
  if (Array.isArray(params) && params.length > 0) return params[0];
  throw new Error('json-rpc: the params of a request must be an array that holds the message');
}

function idOf(id: unknown): string {
  if (id === undefined || id === null) return '';
  if (typeof id === 'string') return id;
  if (typeof id === 'number') return String(id);
  throw new Error('json-rpc: the id of a request must be a string or a number');
}

function errorOf(error: unknown): string {
  if (typeof error !== 'string') throw new Error('json-rpc: the error of an answer must be a string or null');
  return error === '' ? 'unspecified error' : error;
}
