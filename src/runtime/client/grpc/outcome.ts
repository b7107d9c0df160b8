import type { ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { constants } from 'node:http2';
import { internalServerError, MicroError, timeout } from '../../errors.ts';
import { errorOf } from '../../grpc/failure.ts';
import { codeOfHttp } from '../../grpc/status.ts';
import { TransportError } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import { broken } from '../failure.ts';

export type ResponseHeaders = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** What an answer said about itself, when it has ended by itself. */
export interface Ending {
  readonly head: ResponseHeaders | undefined;
  readonly trailers: IncomingHttpHeaders | undefined;
}

/** The error an answer carries; undefined when all went well. */
export function failureOf({ head, trailers }: Ending): MicroError | undefined {
  const status = head?.[':status'];
  if (status !== undefined && status !== 200) {
    return new MicroError(
      'go.micro.client',
      codeOfHttp(status),
      `unexpected HTTP status ${status}: the node speaks no gRPC there`,
    );
  }
  // An answer without messages has everything in its head.
  const last = trailers ?? head;
  if (last?.['grpc-status'] === undefined) {
    return broken(new TransportError('invalid', 'the answer ended without a status'));
  }
  const type = head?.['content-type'];
  if (type !== undefined && !type.startsWith('application/grpc')) {
    return internalServerError('go.micro.client', `unexpected content type ${type}`);
  }
  return errorOf(last);
}

/** A server keeps the caller's time, and may be the first to see that it is over: it was told whole milliseconds. */
const earlyMs = 10;

/** What a caller is told whose stream was broken off. Only the first kind is sure not to have reached the handler. */
export function brokenOff({ id, rstCode }: ClientHttp2Stream, { leftMs }: Budget): MicroError {
  if (id === undefined)
    return broken(new TransportError('unreachable', 'the connection was closed before the call was sent'));
  const name = nameOf(rstCode);
  if (rstCode === constants.NGHTTP2_REFUSED_STREAM) {
    return broken(new TransportError('unreachable', `the other side did not take the call: ${name}`));
  }
  if (rstCode === constants.NGHTTP2_CANCEL && leftMs <= earlyMs) {
    return timeout('go.micro.client', 'call timeout: context deadline exceeded');
  }
  return broken(new TransportError('reset', `the other side broke off: ${name}`));
}

const names = [
  'EOF',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const nameOf = (rstCode: number): string => names[rstCode] ?? `error ${rstCode}`;
