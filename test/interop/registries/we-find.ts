import { expect } from 'vitest';
import type { Registry, ServiceRecord } from '../../../src/discovery/registry.ts';
import { newClient } from '../../../src/runtime/client/micro.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';
import { type GoService, startGo } from '../../support/go.ts';
import { unique } from '../../support/name.ts';
import { type Observed, observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import type { Scope } from '../matrix/scope.ts';
import type { Cell } from './cells.ts';
import type { Place } from './place.ts';

/** Our driver, until the scope ends. */
export function ourRegistry(place: Place, scope: Scope): Registry {
  const registry = place.open();
  scope.defer(() => registry.close());
  return registry;
}

export async function weListAndGet({ registry, release }: Cell, place: Place, scope: Scope): Promise<void> {
  const name = unique('go.micro.srv.greeter');
  const ours = ourRegistry(place, scope);
  const service = await serve(release, name, place, scope);
  const names = await until(async () => {
    const all = (await ours.listServices()).map((each) => each.name);
    return all.includes(name) ? all : undefined;
  });
  expect(names).toEqual(names.toSorted());
  const [record, ...more] = await found(ours, name);
  expect(more).toEqual([]);
  expect(record).toMatchObject({ name, version: '1.0.0' });
  const metadata = { broker: 'http', protocol: 'mucp', registry, server: 'mucp', transport: 'http' };
  expect(record?.nodes).toEqual([{ id: service.node, address: service.address, metadata }]);
  expect(record?.endpoints.find((endpoint) => endpoint.name === 'Say.Hello')).toEqual({
    name: 'Say.Hello',
    request: { name: 'Request', type: 'Request', values: [{ name: 'name', type: 'string', values: [] }] },
    response: { name: 'Response', type: 'Response', values: [{ name: 'msg', type: 'string', values: [] }] },
    metadata: {},
  });
}

export async function weCall({ release }: Cell, place: Place, scope: Scope): Promise<void> {
  const registry = ourRegistry(place, scope);
  const { name } = await serve(release, unique('go.micro.srv.greeter'), place, scope);
  await found(registry, name);
  const client = newClient({ transport: httpTransport(), registry });
  scope.defer(() => client.close());
  const request = { service: name, endpoint: 'Say.Hello', body: { name: 'Ann' } };
  expect(await client.call(request)).toEqual({ msg: 'Hello Ann' });
}

export async function weWatch({ release }: Cell, place: Place, scope: Scope): Promise<void> {
  const { watch, registry, service } = await watched(release, place, scope);
  await service.stop();
  await until(() => watch.seen('delete', service.node));
  expect(await registry.getService(service.name)).toEqual([]);
  await watch.stop();
  const actions = watch.events.map(({ action }) => action);
  // Where a registration that is repeated is told of, it is no news: an update at most.
  expect([actions.at(0), actions.at(-1)]).toEqual(['create', 'delete']);
  expect(actions.slice(1, -1)).not.toContain('delete');
}

export async function weMiss({ release }: Cell, place: Place, scope: Scope): Promise<void> {
  const { watch, registry, service } = await watched(release, place, scope);
  const survivor = await serve(release, service.name, place, scope);
  await until(() => watch.seen('create', survivor.node));
  await service.kill();
  await until(() => watch.seen('delete', service.node));
  await until(async () => {
    const left = (await found(registry, service.name)).flatMap(({ nodes }) => nodes.map(({ id }) => id));
    return left.join() === survivor.node;
  });
  expect(watch.seen('delete', survivor.node)).toBe(false);
  await watch.stop();
}

const found = (registry: Registry, name: string): Promise<readonly ServiceRecord[]> =>
  until(async () => {
    const records = await registry.getService(name);
    return records.length > 0 ? records : undefined;
  });

async function serve(release: Cell['release'], name: string, place: Place, scope: Scope): Promise<GoService> {
  const service = await startGo(release, 'greeter', name, place.goFlags);
  scope.defer(() => service.kill());
  return service;
}

interface Watched {
  readonly registry: Registry;
  readonly watch: Observed;
  readonly service: GoService;
}

/** A Go service whose coming our watch has told. */
async function watched(release: Cell['release'], place: Place, scope: Scope): Promise<Watched> {
  const name = unique('go.micro.srv.greeter');
  const registry = ourRegistry(place, scope);
  const watch = await observe(registry, name);
  scope.defer(() => watch.stop());
  const service = await serve(release, name, place, scope);
  await until(() => watch.seen('create', service.node));
  return { registry, watch, service };
}
