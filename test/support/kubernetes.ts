import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { withResolvers } from '../../src/async/queue.ts';
import { freePort } from './daemon.ts';
import {
  Denial,
  matches,
  newPodStore,
  newSelector,
  type Patch,
  type PodStore,
  type StoredPod,
} from './kubernetes-pods.ts';
import type { Identity } from './tls.ts';

export type Verb = 'list' | 'watch' | 'patch';

export interface Asked {
  readonly verb: Verb;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the next request is answered with, whatever it asks for. */
export interface Whim {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection breaks after that. */
  readonly cut?: boolean;
}

/**
 * Stands in for the API server of a Kubernetes cluster with one namespace, `default`: pods can be listed (with selectors, in pages), watched and
 * patched, as the documentation of the API and a server 1.34 have it.
 */
export interface Cluster {
  readonly url: string;
  readonly port: number;
  readonly pods: PodStore;
  /** What was asked so far. */
  readonly asked: readonly Asked[];
  readonly watches: number;
  /** Who may do what, by bearer token. Undefined: everybody everything. */
  grants: ReadonlyMap<string, readonly Verb[]> | undefined;
  /** Who may do everything, as `user:password`. */
  basic: string | undefined;
  /** What comes before `/api`. */
  prefix: string;
  readonly whims: Whim[];
  /** Tells that a version is forgotten by the status of the answer, as old servers do, rather than by an event. */
  goneByStatus: boolean;
  /** Called before the given page of a list is answered; the first is 1. */
  onPage: ((page: number) => void) | undefined;
  /** How the streams of watches shall end; `in an event` cuts one off in the middle. */
  cutWatches(how: 'in order' | 'at once' | 'in an event'): void;
  /** Writes this to all watches. */
  write(text: string): void;
  /** Tells all watches how far the history is. */
  bookmark(): void;
  /** Accepts everything and says nothing until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends it and all connections; `restart` brings it back at the same port. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

interface Watch {
  readonly response: ServerResponse;
  /** Tells nothing more. */
  readonly leave: () => void;
  readonly end: () => void;
}

/** Over TLS when it has a certificate. */
export async function startCluster(identity?: Identity): Promise<Cluster> {
  const pods = newPodStore();
  const watches = new Set<Watch>();
  const asked: Asked[] = [];
  const pages = new Map<string, readonly StoredPod[]>();
  let thawed = Promise.resolve();
  let isFrozen = false;
  let thaw = (): void => {};

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://cluster');
    const path = url.pathname.startsWith(cluster.prefix) ? url.pathname.slice(cluster.prefix.length) : '';
    const [, namespace = '', name] = /^\/api\/v1\/namespaces\/([^/]+)\/pods(?:\/([^/]*))?$/.exec(path) ?? [];
    const query = Object.fromEntries(url.searchParams);
    const verb: Verb = request.method === 'PATCH' ? 'patch' : query['watch'] === 'true' ? 'watch' : 'list';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    asked.push({ verb, query, body });
    await thawed;
    const whim = cluster.whims.shift();
    if (whim !== undefined) {
      response.writeHead(whim.status, { ...whim.headers });
      if (whim.cut === true) response.write(whim.body ?? '', () => response.destroy());
      else response.end(whim.body);
      return;
    }
    try {
      if (namespace === '') throw new Denial(404, 'NotFound', 'the server could not find the requested resource');
      authorize(request, verb, namespace);
      if (verb === 'patch') reply(response, 200, podJson(patch(decodeURIComponent(name ?? ''), request, body)));
      else if (verb === 'list') reply(response, 200, list(query, namespace));
      else watch(query, response, namespace);
    } catch (error) {
      if (!(error instanceof Denial)) throw error;
      reply(response, error.status, statusJson(error));
    }
  };

  const authorize = (request: IncomingMessage, verb: Verb, namespace: string): void => {
    if (cluster.basic !== undefined) {
      const given = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      if (Buffer.from(given, 'base64').toString() !== cluster.basic)
        throw new Denial(401, 'Unauthorized', 'Unauthorized');
    }
    if (cluster.grants === undefined) return;
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    const granted = cluster.grants.get(token ?? '');
    if (granted === undefined) throw new Denial(401, 'Unauthorized', 'Unauthorized');
    if (granted.includes(verb)) return;
    const what = `cannot ${verb} resource "pods" in API group "" in the namespace "${namespace}"`;
    throw new Denial(403, 'Forbidden', `pods is forbidden: User "somebody" ${what}`);
  };

  const patch = (name: string, request: IncomingMessage, body: string): StoredPod => {
    if (request.headers['content-type'] !== 'application/strategic-merge-patch+json')
      throw new Denial(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format');
    const { metadata } = JSON.parse(body) as { readonly metadata: Partial<Patch> };
    return pods.patch(name, { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} });
  };

  const list = (query: Readonly<Record<string, string>>, namespace: string): object => {
    const selector = newSelector(query['labelSelector'] ?? '', query['fieldSelector'] ?? '');
    const token = query['continue'];
    const pageSize = Number(query['limit'] ?? 0);
    cluster.onPage?.(1 + Number((token ?? '').split('.')[1] ?? 0) / (pageSize || 1));
    const [version = pods.version, start = 0] = (token ?? '').split('.').filter(Boolean).map(Number);
    // Later pages are of the moment of the first one, as long as that is remembered.
    if (token !== undefined && version < pods.forgotten)
      throw new Denial(410, 'Expired', 'The provided continue parameter is too old');
    const all = pages.get(`${version}`) ?? (namespace === 'default' ? pods.list(selector) : []);
    const limit = pageSize || all.length;
    const left = all.length - start - limit;
    if (left > 0) pages.set(`${version}`, all);
    const rest = left > 0 ? { continue: `${version}.${start + limit}`, remainingItemCount: left } : {};
    const items = all.slice(start, start + limit).map(podJson);
    return { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: `${version}`, ...rest }, items };
  };

  const watch = (query: Readonly<Record<string, string>>, response: ServerResponse, namespace: string): void => {
    const selector = newSelector(query['labelSelector'] ?? '', query['fieldSelector'] ?? '');
    const from = Number(query['resourceVersion']);
    const gone = new Denial(410, 'Expired', `too old resource version: ${from} (${pods.forgotten})`);
    const isGone = from < pods.forgotten;
    if (isGone && cluster.goneByStatus) throw gone;
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    const tell = (type: string, object: unknown): boolean => response.write(`${JSON.stringify({ type, object })}\n`);
    const bookmark = (): void => {
      if (query['allowWatchBookmarks'] === 'true')
        tell('BOOKMARK', { kind: 'Pod', metadata: versionJson(pods.version) });
    };
    if (isGone) {
      tell('ERROR', statusJson(gone));
      response.end();
      return;
    }
    const step = ({ version, before, after }: ReturnType<PodStore['history']>[number]): void => {
      if (version <= from || namespace !== 'default') return;
      const was = before !== undefined && matches(before, selector);
      const is = after !== undefined && matches(after, selector);
      if (is) tell(was ? 'MODIFIED' : 'ADDED', podJson(after));
      // What no longer matches is told as it was, with the version of its going.
      else if (was) tell('DELETED', podJson({ ...before, version }));
    };
    for (const past of pods.history(from)) step(past);
    const leave = pods.onStep((what) => {
      if (isFrozen) void thawed.then(() => response.writable && step(what));
      else step(what);
    });
    const end = (): void => {
      leave();
      bookmark();
      response.end();
    };
    const timer = setTimeout(() => void thawed.then(end), Number(query['timeoutSeconds'] ?? 1800) * 1000);
    const entry = { response, leave, end };
    watches.add(entry);
    response.once('close', () => {
      clearTimeout(timer);
      leave();
      watches.delete(entry);
    });
  };

  const listener: RequestListener = (request, response) => {
    answer(request, response).catch(() => response.destroy());
  };
  const open = async (at: number): Promise<ReturnType<typeof createHttp>> => {
    const server = identity === undefined ? createHttp(listener) : createHttps({ ...identity }, listener);
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return server;
  };
  const port = await freePort();
  let server = await open(port);

  const cluster: Cluster = {
    url: `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    pods,
    asked,
    get watches() {
      return watches.size;
    },
    grants: undefined,
    basic: undefined,
    prefix: '',
    whims: [],
    onPage: undefined,
    goneByStatus: false,
    cutWatches(how) {
      for (const { response, leave, end } of watches) {
        leave();
        if (how === 'in order') end();
        else if (how === 'at once') response.destroy();
        else response.write('{"type":"MODIFIED","object":{"kind":"Pod","metad', () => response.destroy());
      }
    },
    write(text) {
      for (const { response } of watches) response.write(text);
    },
    bookmark() {
      const object = { kind: 'Pod', metadata: versionJson(pods.version) };
      cluster.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
    },
    freeze() {
      const ice = withResolvers<void>();
      thawed = ice.promise;
      isFrozen = true;
      thaw = () => {
        isFrozen = false;
        ice.resolve();
      };
    },
    thaw: () => thaw(),
    async kill() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async restart() {
      await cluster.kill();
      server = await open(port);
    },
  };
  return cluster;
}

const versionJson = (version: number): object => ({ resourceVersion: `${version}` });

const podJson = ({ name, labels, annotations, phase, version }: StoredPod): object => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default', ...versionJson(version), labels, annotations },
  spec: { containers: [{ name: 'service', image: 'service' }] },
  status: { phase, qosClass: 'BestEffort' },
});

const statusJson = ({ status, reason, message }: Denial): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code: status,
});

function reply(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}
