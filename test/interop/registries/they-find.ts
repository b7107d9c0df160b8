import { expect } from 'vitest';
import type { ServiceRecord } from '../../../src/discovery/registry.ts';
import { shape } from '../../../src/runtime/schema.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import { type Server, unary } from '../../../src/runtime/server/server.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';
import { type GoFailure, go, startWatchGo } from '../../support/go.ts';
import { startMicro } from '../../support/micro.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';
import type { Scope } from '../matrix/scope.ts';
import type { Cell } from './cells.ts';
import type { Place } from './place.ts';
import { ourRegistry } from './we-find.ts';

const hello = unary(({ name = '' }: { readonly name?: string }) => ({ msg: `Hello ${name}` }), {
  request: shape('Request', { name: 'string', tags: '[]string' }),
  response: shape('Response', { msg: 'string' }),
  metadata: { command: 'greet' },
});

export async function theyListAndGet({ release }: Cell, place: Place, scope: Scope): Promise<void> {
  const server = await serve(place, scope);
  await until(async () => (await go<string[]>(release, ['list'], place.goFlags)).includes(server.name));
  const [record, ...more] = await until(async () => {
    const found = await gotten(release, server.name, place);
    return found.length > 0 ? found : undefined;
  });
  expect(more).toEqual([]);
  expect(record).toMatchObject({ name: server.name, version: '1.0.0' });
  expect(record?.nodes).toEqual(server.record.nodes);
  const values = [
    { name: 'name', type: 'string' },
    { name: 'tags', type: '[]string' },
  ];
  expect(record?.endpoints).toMatchObject([
    { name: 'Say.Hello', request: { name: 'Request', values }, metadata: { command: 'greet' } },
  ]);
}

export async function theyCall({ release }: Cell, place: Place, scope: Scope): Promise<void> {
  const { name } = await serve(place, scope);
  expect(await go(release, ['call', name, 'Say.Hello', '{"name":"Ann"}'], place.goFlags)).toEqual({ msg: 'Hello Ann' });
}

/** What Go's watcher reports, in Go's spelling. */
interface Change {
  readonly Action: string;
  readonly Service: ServiceRecord;
}

export async function theyWatch({ release }: Cell, place: Place, scope: Scope): Promise<void> {
  const watch = await startWatchGo(release, place.goFlags);
  scope.defer(() => watch.end());
  const server = await serve(place, scope);
  const seen = (action: string): Promise<Change> =>
    until(() =>
      (watch.values as readonly Change[]).find((each) => each.Action === action && each.Service.name === server.name),
    );
  expect((await seen('create')).Service.nodes).toEqual(server.record.nodes);
  await server.stop({ graceMs: 0 });
  expect((await seen('delete')).Service.nodes.map(({ id }) => id)).toEqual([`${server.name}-${server.id}`]);
  expect(await gotten(release, server.name, place)).toEqual([]);
}

/** What is killed is a bot in a process of its own, as it is installed; a server of the same name goes on. */
export async function theyMiss({ release }: Cell, place: Place, scope: Scope): Promise<void> {
  const { name, id } = await serve(place, scope);
  const server = [`--server_name=${name}`, '--server_id=doomed', '--server_address=127.0.0.1:0'];
  const doomed = startMicro(['bot', '--inputs=console', ...place.microFlags, ...server]);
  scope.defer(async () => {
    doomed.process.kill('SIGKILL');
    await doomed.finished;
  });
  const nodes = (...ids: readonly string[]): Promise<unknown> =>
    until(async () => {
      const found = (await gotten(release, name, place)).flatMap((record) => record.nodes.map((node) => node.id));
      return found.toSorted().join() === ids.toSorted().join();
    }, 30_000);
  await nodes(`${name}-doomed`, `${name}-${id}`);
  doomed.process.kill('SIGKILL');
  await nodes(`${name}-${id}`);
}

/** A server of ours with a short life in the registry. */
async function serve(place: Place, scope: Scope): Promise<Server> {
  const server = newServer({
    transport: httpTransport(),
    registry: ourRegistry(place, scope),
    name: unique('go.micro.srv.ours'),
    version: '1.0.0',
    address: '127.0.0.1:0',
    registerTtlMs: 5000,
    registerIntervalMs: 1000,
  });
  server.handle({ name: 'Say', methods: { Hello: hello } });
  await server.start();
  scope.defer(() => server.stop({ graceMs: 0 }));
  return server;
}

/** What a Go program gets; some registries say "nobody" with an error. */
async function gotten(release: Cell['release'], name: string, place: Place): Promise<readonly ServiceRecord[]> {
  const answer = await go<readonly ServiceRecord[] | GoFailure>(release, ['get', name], place.goFlags);
  if (!('error' in answer)) return answer;
  expect(answer.error).toMatch(/not found/);
  return [];
}
