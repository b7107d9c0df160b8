import type { IncomingHttpHeaders } from 'node:http2';
import { MicroError } from '../errors.ts';
import { decodeDetails, encodeDetails } from './details.ts';
import { decodeMessage, encodeMessage } from './percent.ts';
import { codeOf, statusOf } from './status.ts';

/** How a call ended, as trailers say it. */
export type Trailers = Readonly<Record<'grpc-status' | 'grpc-message', string>> & {
  readonly 'grpc-status-details-bin'?: string;
};

export const success: Trailers = { 'grpc-status': '0', 'grpc-message': '' };

/** Longer details are cut: they travel twice, escaped, and peers refuse more than 64 KiB of trailers. */
const maxDetailLength = 2048;

/** The trailers of a micro error: go-micro looks into the details first, then for its JSON in the message. */
export function trailersOf(error: MicroError, status: number = statusOf(error.code)): Trailers {
  const short = shorten(error);
  const text = short.toText();
  const plain = { 'grpc-status': `${status}`, 'grpc-message': encodeMessage(text) };
  // Text that never was a record stays text, as for errors of Go that are none of go-micro's.
  if (short.code === 0 && short.id === '') return plain;
  return { ...plain, 'grpc-status-details-bin': encodeDetails(status, text, short) };
}

/** A refusal in words that are no micro error: what go-micro says before it has found a handler. */
export const refusal = (status: number, text: string): Trailers => ({
  'grpc-status': `${status}`,
  'grpc-message': encodeMessage(text.slice(0, maxDetailLength)),
});

/** The error that trailers carry; undefined when they say that all went well. A status that is no number is an unknown one. */
export function errorOf(trailers: IncomingHttpHeaders): MicroError | undefined {
  const status = trailers['grpc-status'];
  if (status === '0') return undefined;
  const details = trailers['grpc-status-details-bin'];
  const detailed = typeof details === 'string' ? decodeDetails(details) : undefined;
  if (detailed !== undefined) return detailed;
  const text = decodeMessage(textOf(trailers['grpc-message']));
  const parsed = MicroError.parse(text);
  if (parsed.code > 0) return parsed;
  return new MicroError('go.micro.client', codeOf(Number(status)), text);
}

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

function shorten(error: MicroError): MicroError {
  const { id, code, detail, status } = error;
  if (detail.length <= maxDetailLength) return error;
  return new MicroError(id, code, `${detail.slice(0, maxDetailLength)}…`, { status });
}
