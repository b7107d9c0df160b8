import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Codec, Codecs } from '../../codec/codec.ts';
import { internalServerError } from '../../errors.ts';
import type { Trailers } from '../../grpc/failure.ts';
import { refusal, trailersOf } from '../../grpc/failure.ts';
import { wireTypeOf } from '../../grpc/subtype.ts';
import { grpcStatus } from '../../grpc/status.ts';
import { stopping } from '../call.ts';
import type { Core } from '../core.ts';
import type { Route, Router } from '../router.ts';

/** Answers what is no gRPC in words of HTTP. True when it did. */
export function refuseHttp(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean {
  const type = headers['content-type'] ?? '';
  if (headers[':method'] !== 'POST') stream.respond({ ':status': 405, allow: 'POST' }, { endStream: true });
  else if (!/^application\/grpc(?:[+;]|$)/.test(type)) stream.respond({ ':status': 415 }, { endStream: true });
  else return false;
  stream.resume();
  return true;
}

/** What a call wants, or how it is refused. */
export function targetOf(
  headers: IncomingHttpHeaders,
  deadline: number | undefined,
  { core, codecs }: { readonly core: Core; readonly codecs: Codecs },
): { readonly route: Route; readonly codec: Codec } | { readonly trailers: Trailers } {
  if (core.draining) return { trailers: trailersOf(stopping(core.name)) };
  const route = routeOf(headers[':path'] ?? '', core.router);
  if (!('endpoint' in route)) return { trailers: route };
  const type = typeOf(headers);
  const codec = codecs.get(type);
  if (codec === undefined) {
    return { trailers: trailersOf(internalServerError(core.name, `Unsupported Content-Type: ${type}`)) };
  }
  if (Number.isNaN(deadline)) {
    return { trailers: refusal(grpcStatus.internal, `malformed grpc-timeout: ${String(headers['grpc-timeout'])}`) };
  }
  return { route, codec };
}

/** Streams of go-micro 1 say only `application/grpc`, and in a header of their own what is in them. */
function typeOf(headers: IncomingHttpHeaders): string {
  const type = headers['content-type'] ?? '';
  const named = headers['x-content-type'];
  return type === 'application/grpc' && typeof named === 'string' ? (wireTypeOf(named) ?? type) : type;
}

/** `/<anything>.<Type>/<Method>`, of which only the type and the method matter. */
const form = /^\/(?:[^/]*\.)?([^/.]+)\/([^/]+)$/;

/** The method that is called, or how the call is refused, in go-micro's words. */
function routeOf(path: string, router: Router): Route | Trailers {
  const [, type, method] = form.exec(path) ?? [];
  if (type === undefined || method === undefined) {
    return refusal(grpcStatus.invalidArgument, `malformed method name: ${JSON.stringify(path)}`);
  }
  try {
    return router.find(`${type}.${method}`);
  } catch {
    const isServed = router.handlers.some(({ name }) => name === type);
    return refusal(grpcStatus.unimplemented, `unknown service ${isServed ? `${type}.${method}` : type}`);
  }
}
