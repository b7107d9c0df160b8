import type { Context, ContextKey } from '../context.ts';
import { contextKey } from '../context.ts';
import { MicroError } from '../errors.ts';
import type { Handler, HandlerFunc, HandlerWrapper, Method, ServerRequest } from './server.ts';

/** Where the messages of a stream travel past the handler wrappers, which see requests without their bodies. */
export const incoming: ContextKey<AsyncIterable<unknown>> = contextKey('messages of the stream');

/** A method that can be called. */
export interface Route {
  readonly endpoint: string;
  readonly method: Method;
  /** Calls the handler inside its wrappers. May throw, also later. */
  invoke(context: Context, service: string, contentType: string, body: unknown): unknown;
}

export interface Router {
  readonly handlers: readonly Handler[];
  /** Throws when the type is served already. */
  add(handler: Handler): void;
  /** Throws the plain text error of go-micro's router. */
  find(endpoint: string): Route;
}

/** Finds methods by `Type.Method`. The first wrapper is the outermost. */
export function newRouter(wrappers: readonly HandlerWrapper[]): Router {
  const handlers: Handler[] = [];
  const routes = new Map<string, Route>();
  return {
    handlers,
    add(handler) {
      if (handlers.some(({ name }) => name === handler.name)) throw new Error(`${handler.name} is served already`);
      if (!/^[^.\s]+$/.test(handler.name))
        throw new Error(`a handler's name is one word without dots: ${handler.name}`);
      handlers.push(handler);
      const around = handler.internal === true ? [] : wrappers;
      for (const [name, method] of Object.entries(handler.methods)) {
        const endpoint = `${handler.name}.${name}`;
        routes.set(endpoint, newRoute(endpoint, method, around));
      }
    },
    find(endpoint) {
      const route = routes.get(endpoint);
      if (route !== undefined) return route;
      const [type, name, ...rest] = endpoint.split('.');
      if (name === undefined || rest.length > 0) {
        throw new MicroError('', 0, `rpc: service/endpoint request ill-formed: ${endpoint}`);
      }
      if (handlers.every((handler) => handler.name !== type)) {
        throw new MicroError('', 0, `rpc: can't find service ${type}`);
      }
      throw new MicroError('', 0, `rpc: can't find method ${name}`);
    },
  };
}

function newRoute(endpoint: string, method: Method, wrappers: readonly HandlerWrapper[]): Route {
  const innermost = call(method);
  if (wrappers.length === 0 && method.kind === 'unary') {
    const { handler } = method;
    return { endpoint, method, invoke: (context, _service, _type, body) => handler(body as never, context) };
  }
  const wrapped = wrappers.reduceRight((next, wrap) => wrap(next), innermost);
  const stream = method.kind === 'stream';
  return {
    endpoint,
    method,
    invoke: (context, service, contentType, body) =>
      wrapped(context, { service, endpoint, contentType, stream, body } satisfies ServerRequest),
  };
}

function call(method: Method): HandlerFunc {
  switch (method.kind) {
    case 'unary':
      return (context, { body }) => method.handler(body as never, context);
    case 'stream':
      return (context) => method.handler((context.get(incoming) ?? nothing()) as never, context);
    default:
      return method satisfies never;
  }
}

async function* nothing(): AsyncGenerator<never> {}
