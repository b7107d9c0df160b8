import { chatMethods, type Pace } from './chat.ts';
import type { Fields } from './fields.ts';
import { fileMethods, upload } from './files.ts';
import { lookupMethods } from './lookups.ts';
import { type Configuration, manifestMethods } from './manifest.ts';
import { authorize, authorizeApp, checkArguments, type Method, tokenOf } from './method.ts';
import { reactionMethods } from './reactions.ts';
import { Refusal } from './refusal.ts';
import { respond } from './response-url.ts';
import { type Answer, argumentsOf, type Request } from './server.ts';
import { viewMethods } from './views.ts';
import type { ApiCall, World } from './world.ts';

export interface WebApi {
  handle(request: Request): Answer;
  refused(request: Request, error: string): void;
}

/** What a request's path asks for. */
export function nameOf(path: string): string {
  const [, area = '', name = ''] = path.split('/');
  if (area === 'api') return name;
  if (area === 'respond') return 'response_url';
  return area === 'upload' ? 'upload' : '';
}

/** The methods by name; each request is written down before it is checked. */
export function webApi(world: World, config: Configuration, pace: Pace, openSocket: () => string): WebApi {
  const methods: Readonly<Record<string, Method>> = {
    ...chatMethods(pace),
    ...lookupMethods,
    ...viewMethods,
    ...reactionMethods,
    ...fileMethods,
    ...manifestMethods(config),
    'apps.connections.open': { token: 'app', run: () => ({ url: openSocket() }) },
  };

  const note = (request: Request): { readonly call: ApiCall; readonly args: Fields } => {
    let args: Fields = {};
    let outcome = 'ok';
    try {
      args = nameOf(request.path) === 'upload' ? {} : argumentsOf(request);
    } catch (error) {
      outcome = error instanceof Refusal ? error.error : String(error);
    }
    const token = tokenOf(request.authorization, args);
    const at = [...world.workspaces.values()].find((workspace) => workspace.token === token);
    const { token: _, ...shown } = args;
    const call: ApiCall = {
      method: nameOf(request.path),
      team: at?.team,
      args: shown,
      contentType: request.contentType,
      at: world.now(),
      outcome,
    };
    world.calls.push(call);
    if (outcome !== 'ok') throw new Refusal(outcome);
    return { call, args };
  };

  const call = (name: string, request: Request, args: Fields): Fields => {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) throw new Refusal('unknown_method', { req_method: name });
    // The app's own token counts in the header only.
    const token = tokenOf(request.authorization, method.token === 'app' ? {} : args);
    if (method.token === 'bot') {
      const at = authorize(world, method, token, args);
      checkArguments(method, args);
      return method.run(args, at, world);
    }
    if (method.token === 'app') authorizeApp(world, token);
    checkArguments(method, args);
    return method.run(args, world, token);
  };

  return {
    handle(request) {
      const { call: noted, args } = note(request);
      try {
        const name = nameOf(request.path);
        if (name === 'response_url') {
          respond(world, request.path.split('/')[3] ?? '', args);
          return { body: 'ok' };
        }
        if (name === 'upload') {
          return { body: upload(world, request.path.split('/')[2] ?? '', request.contentType, request.body) };
        }
        if (!request.path.startsWith('/api/')) throw new Refusal('not_found', {}, 404);
        return { body: { ok: true, ...call(name, request, args) } };
      } catch (error) {
        noted.outcome = error instanceof Refusal ? error.error : String(error);
        throw error;
      }
    },
    refused(request, error) {
      try {
        note(request).call.outcome = error;
      } catch {
        // It could not even be read: that is written down already.
      }
    },
  };
}
