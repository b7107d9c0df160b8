import { MicroError } from '../errors.ts';
import type { Fields, Head } from '../http2/http2.ts';
import { decodeDetails, encodeDetails } from './details.ts';
import { decodeMessage, encodeMessage } from './percent.ts';
import { codeOf, statusOf } from './status.ts';

/** The trailers of a call that went well: always the same list, so that they are sent in a few bytes. */
export const success: Fields = ['grpc-status', '0', 'grpc-message', ''];

/** Longer details are cut: they travel twice, escaped, and peers refuse more than 64 KiB of trailers. */
const maxDetailLength = 2048;

/** The trailers of a micro error: go-micro looks into the details first, then for its JSON in the message. */
export function trailersOf(error: MicroError): Fields {
  const status = statusOf(error.code);
  const short = shorten(error);
  const text = short.toText();
  const plain = plainTrailers(status, text);
  // Text that never was a record stays text, as for errors of Go that are none of go-micro's.
  if (short.code === 0 && short.id === '') return plain;
  return [...plain, 'grpc-status-details-bin', encodeDetails(status, text, short)];
}

/** A refusal in words that are no micro error: what go-micro says before it has found a handler. */
export const refusal = (status: number, text: string): Fields => plainTrailers(status, text.slice(0, maxDetailLength));

/** The error that trailers carry; undefined when they say that all went well. A status that is no number is an unknown one. */
export function errorOf(trailers: Head): MicroError | undefined {
  const status = trailers['grpc-status'];
  if (status === '0') return undefined;
  const details = trailers['grpc-status-details-bin'];
  const detailed = details === undefined ? undefined : decodeDetails(details);
  if (detailed !== undefined) return detailed;
  const text = decodeMessage(trailers['grpc-message'] ?? '');
  const parsed = MicroError.parse(text);
  if (parsed.code > 0) return parsed;
  return new MicroError('go.micro.client', codeOf(Number(status)), text);
}

const plainTrailers = (status: number, text: string): Fields => [
  'grpc-status',
  `${status}`,
  'grpc-message',
  encodeMessage(text),
];

function shorten(error: MicroError): MicroError {
  const { id, code, detail, status } = error;
  if (detail.length <= maxDetailLength) return error;
  return new MicroError(id, code, `${detail.slice(0, maxDetailLength)}…`, { status });
}
