import { internalServerError, MicroError, timeout } from '../../errors.ts';
import { errorOf } from '../../grpc/failure.ts';
import { codeOfHttp } from '../../grpc/status.ts';
import type { Ending, Head } from '../../http2/http2.ts';
import { errorCode, nameOfCode } from '../../http2/http2.ts';
import { TransportError } from '../../transport/transport.ts';
import type { Budget } from '../budget.ts';
import { broken } from '../failure.ts';

/** The error that an answer carries, when it has ended by itself; undefined when all went well. */
export function failureOf(head: Head | undefined, trailers: Head | undefined): MicroError | undefined {
  const status = head?.[':status'];
  if (status !== undefined && status !== '200') {
    return new MicroError(
      'go.micro.client',
      codeOfHttp(Number(status)),
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

/** What a caller is told whose stream was broken off. Only what is unreachable is sure not to have come to the handler. */
export function brokenOff({ code, reason, isUntouched }: Ending, { leftMs }: Budget): MicroError {
  const why = reason ?? (code === errorCode.noError ? 'EOF' : nameOfCode(code));
  if (isUntouched) return broken(new TransportError('unreachable', `the other side did not take the call: ${why}`));
  if (code === errorCode.cancel && reason === undefined && leftMs <= earlyMs) {
    return timeout('go.micro.client', 'call timeout: context deadline exceeded');
  }
  return broken(new TransportError('reset', reason ?? `the other side broke off: ${why}`));
}
