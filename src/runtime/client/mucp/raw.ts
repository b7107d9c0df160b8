import { scanJson } from '../../../document/json-scan.ts';
import type { Codec, Envelope } from '../../codec/codec.ts';
import type { Schema } from '../../schema.ts';
import type { Body } from '../../transport/transport.ts';

/** The envelope around bodies that are sent and received untouched. */
export const rawEnvelope = ({ contentType, envelope }: Codec): Envelope | undefined =>
  contentType === 'application/json-rpc' ? rawJsonRpc(envelope) : rawBytes(envelope);

const untouched: Schema = {
  value: { name: 'Frame', type: 'Frame', values: [] },
  protobuf: {
    encode: (value) => (typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array)),
    decode: (bytes) => Buffer.from(bytes),
  },
};

const rawBytes = (envelope: Envelope | undefined): Envelope | undefined =>
  envelope && {
    ...envelope,
    writeRequest: (head, value) => envelope.writeRequest(head, value ?? '', untouched),
    readAnswer: (body) => envelope.readAnswer(body, untouched),
  };

/** Parsing and writing again would change numbers, so the text is put in and taken out as it is. */
const rawJsonRpc = (envelope: Envelope | undefined): Envelope | undefined =>
  envelope && {
    ...envelope,
    writeRequest: ({ id, endpoint }, value) =>
      `{"method":${JSON.stringify(endpoint)},"params":[${textOf(value as Body | undefined)}],"id":${JSON.stringify(id)}}\n`,
    readAnswer(body) {
      envelope.readAnswer(body, undefined);
      return Buffer.from(memberOf(body.toString(), 'result'));
    },
  };

function textOf(value: Body | undefined): string {
  const text = typeof value === 'string' ? value : Buffer.from(value ?? '').toString();
  return text.trim() === '' ? '{}' : text;
}

/** The text of a member of a JSON object. */
function memberOf(json: string, name: string): string {
  let depth = 0;
  let from = -1;
  let to = -1;
  let isValue = false;
  scanJson(json, (token, start, end) => {
    if (token === '}' || token === ']') depth -= 1;
    if (isValue && depth === 1 && token !== ':') {
      if (from === -1) from = start;
      if (token !== '{' && token !== '[') {
        to = end;
        isValue = false;
      }
    }
    if (token === 'key' && depth === 1 && json.slice(start, end) === `"${name}"`) {
      isValue = true;
      from = -1;
    }
    if (token === '{' || token === '[') depth += 1;
  });
  if (to === -1) throw new Error(`the answer has no ${name}`);
  return json.slice(from, to);
}
