import type { Codec, Codecs } from '../../codec/codec.ts';
import { internalServerError } from '../../errors.ts';
import { refusal, trailersOf } from '../../grpc/failure.ts';
import { wireTypeOf } from '../../grpc/subtype.ts';
import { grpcStatus } from '../../grpc/status.ts';
import type { Fields, Head } from '../../http2/http2.ts';
import { stopping } from '../call.ts';
import type { Core } from '../core.ts';
import type { Route, Router } from '../router.ts';

/** What a call wants. */
export interface Target {
  readonly route: Route;
  readonly codec: Codec;
}

const notAllowed: Fields = [':status', '405', 'allow', 'POST'];
const unsupported: Fields = [':status', '415'];

/** How what is no gRPC is answered, in words of HTTP; undefined for what is. */
export function httpRefusal(head: Head): Fields | undefined {
  if (head[':method'] !== 'POST') return notAllowed;
  return /^application\/grpc(?:[+;]|$)/.test(head['content-type'] ?? '') ? undefined : unsupported;
}

const maxKnownPaths = 1024;

/** Finds what callers want, or how they are refused. */
export class Targets {
  readonly #core: Core;
  readonly #codecs: Codecs;
  /** The paths that are asked for, which callers write in more than one way. */
  readonly #known = new Map<string, Route>();

  /** `codecs`: by the content type on the wire. */
  constructor(core: Core, codecs: Codecs) {
    this.#core = core;
    this.#codecs = codecs;
  }

  of(head: Head, deadline: number | undefined): Target | Fields {
    const core = this.#core;
    if (core.draining) return trailersOf(stopping(core.name));
    const route = this.#routeOf(head[':path'] ?? '');
    if (!('endpoint' in route)) return route;
    const type = typeOf(head);
    const codec = this.#codecs.get(type);
    if (codec === undefined) return trailersOf(internalServerError(core.name, `Unsupported Content-Type: ${type}`));
    if (Number.isNaN(deadline)) {
      return refusal(grpcStatus.internal, `malformed grpc-timeout: ${head['grpc-timeout'] ?? ''}`);
    }
    return { route, codec };
  }

  #routeOf(path: string): Route | Fields {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const route = routeOf(path, this.#core.router);
    if ('endpoint' in route) {
      if (this.#known.size >= maxKnownPaths) this.#known.clear();
      this.#known.set(path, route);
    }
    return route;
  }
}

/** Streams of go-micro 1 say only `application/grpc`, and in a header of their own what is in them. */
function typeOf(head: Head): string {
  const type = head['content-type'] ?? '';
  const named = head['x-content-type'];
  return type === 'application/grpc' && named !== undefined ? (wireTypeOf(named) ?? type) : type;
}

/** `/<anything>.<Type>/<Method>`, of which only the type and the method matter. */
const form = /^\/(?:[^/]*\.)?([^/.]+)\/([^/]+)$/;

/** The method that is called, or how the call is refused, in go-micro's words. */
function routeOf(path: string, router: Router): Route | Fields {
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
