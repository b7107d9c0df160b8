import { afterEach, describe, expect, it } from 'vitest';
import { type Node, type Registry, RegistryError, type ServiceRecord } from '../../src/discovery/registry.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { observe } from '../support/observe.ts';

/** Two views of the same registry: what `a` registers, `b` sees. */
export interface Pair {
  readonly a: Registry;
  readonly b: Registry;
}

export interface Traits {
  /** Whether a registration ends with its time to live, even while its process lives. */
  readonly expires: boolean;
  /** Whether a registration can outlive its process. */
  readonly stays: boolean;
}

export const node = (id: string, port: number, metadata: Node['metadata'] = {}): Node => ({
  id,
  address: `127.0.0.1:${port}`,
  metadata,
});

export const service = (name: string, version: string, ...nodes: readonly Node[]): ServiceRecord => ({
  name,
  version,
  metadata: {},
  endpoints: [
    {
      name: 'Say.Hello',
      request: { name: 'Request', type: 'Request', values: [{ name: 'name', type: 'string', values: [] }] },
      response: undefined,
      metadata: { stream: 'true' },
    },
  ],
  nodes,
});

/** What every registry keeps to. Run by each driver. */
export function registryContract(driver: string, makeTwo: () => Promise<Pair>, traits: Traits): void {
  describe(`the ${driver} registry`, () => {
    const open: Registry[] = [];
    const pair = async (): Promise<Pair> => {
      const two = await makeTwo();
      open.push(two.a, two.b);
      return two;
    };
    afterEach(async () => {
      await Promise.all(open.splice(0).map((registry) => registry.close()));
    });

    it('gives out what was registered', async () => {
      const { a, b } = await pair();
      const record = service(unique('greeter'), '1.0.0', node('one', 8080, { protocol: 'mucp' }));
      await a.register(record);
      expect(await b.getService(record.name)).toEqual([record]);
      expect((await b.listServices()).map(({ name }) => name)).toContain(record.name);
    });

    it('keeps a node without metadata beside one that has some', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      await a.register(service(name, '1', node('one', 1, { zone: 'a' })));
      await a.register(service(name, '1', node('two', 2)));
      expect(await b.getService(name)).toEqual([service(name, '1', node('one', 1, { zone: 'a' }), node('two', 2))]);
    });

    it('has one record a version', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      await a.register(service(name, '1', node('one', 1), node('two', 2)));
      await a.register(service(name, '2', node('three', 3)));
      const records = await b.getService(name);
      expect(records.map(({ version, nodes }) => [version, nodes.map(({ id }) => id)])).toEqual([
        ['1', ['one', 'two']],
        ['2', ['three']],
      ]);
    });

    it('replaces what was known of a node that registers again', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      await a.register(service(name, '1', node('one', 1, { zone: 'a' })));
      await a.register(service(name, '1', node('one', 2, { zone: 'b' })));
      expect(await b.getService(name)).toEqual([service(name, '1', node('one', 2, { zone: 'b' }))]);
      await a.register(service(name, '2', node('one', 2)));
      expect(await b.getService(name)).toEqual([service(name, '2', node('one', 2))]);
    });

    it('lists each name once, sorted', async () => {
      const { a, b } = await pair();
      const [first, second] = [unique('a'), unique('b')];
      await a.register(service(second, '1', node('three', 3)));
      await a.register(service(first, '1', node('one', 1)));
      await a.register(service(first, '2', node('two', 2)));
      const names = [...new Set((await b.listServices()).map(({ name }) => name))];
      expect(names.filter((name) => name === first || name === second)).toEqual([first, second]);
    });

    it('knows nothing of a service that nobody registered', async () => {
      const { a, b } = await pair();
      await a.register(service(unique('greeter'), '1', node('one', 1)));
      expect(await b.getService(unique('nobody'))).toEqual([]);
    });

    it('takes nodes out, by id', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      await a.register(service(name, '1', node('one', 1), node('two', 2)));
      await a.deregister(service(name, 'whatever', node('one', 9), node('unknown', 9)));
      expect(await b.getService(name)).toEqual([service(name, '1', node('two', 2))]);
      await a.deregister(service(name, '1', node('two', 2)));
      expect(await b.getService(name)).toEqual([]);
      expect((await b.listServices()).map((record) => record.name)).not.toContain(name);
    });

    it('tells a watch what comes, changes and goes', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      const watch = await observe(b, name);
      await a.register(service(name, '1', node('one', 1)));
      await until(() => watch.seen('create', 'one'));
      await a.register(service(name, '1', node('one', 2)));
      await until(() => watch.seen('update', 'one'));
      await a.deregister(service(name, '1', node('one', 2)));
      await until(() => watch.seen('delete', 'one'));
      expect(watch.events).toEqual([
        { action: 'create', service: service(name, '1', node('one', 1)) },
        { action: 'update', service: service(name, '1', node('one', 2)) },
        { action: 'delete', service: service(name, '1', node('one', 2)) },
      ]);
      await watch.stop();
    });

    it('misses nothing that happens after a watch was given', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      const all = await observe(b);
      await Promise.all([1, 2, 3, 4, 5].map((id) => a.register(service(name, '1', node(`n${id}`, id)))));
      for (const id of [1, 2, 3, 4, 5]) await until(() => all.seen('create', `n${id}`));
      await all.stop();
    });

    it('tells a watch of one service nothing of others', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      const watch = await observe(b, name);
      await a.register(service(unique('other'), '1', node('zero', 1)));
      await a.register(service(name, '1', node('one', 1)));
      await until(() => watch.seen('create', 'one'));
      expect(watch.events.map((event) => event.service.name)).toEqual([name]);
      await watch.stop();
    });

    it('says nothing when a registration is repeated unchanged', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      const watch = await observe(b, name);
      const record = service(name, '1', node('one', 1, { x: '1', y: '2' }));
      await a.register(record, { ttlMs: 60_000 });
      await a.register({ ...record, nodes: [node('one', 1, { y: '2', x: '1' })] }, { ttlMs: 60_000 });
      await a.register(service(name, '1', node('two', 2)));
      await until(() => watch.seen('create', 'two'));
      expect(watch.events).toHaveLength(2);
      await watch.stop();
    });

    it('ends a watch on abort and no other', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      const [first, second] = [await observe(b, name), await observe(b, name)];
      await first.stop();
      await a.register(service(name, '1', node('one', 1)));
      await until(() => second.seen('create', 'one'));
      expect(first.events).toEqual([]);
      await second.stop();
      const late = await observe(b, name, AbortSignal.abort());
      await late.ended;
    });

    it('takes back on close what was registered through it', async () => {
      const { a, b } = await pair();
      const name = unique('greeter');
      const watch = await observe(b, name);
      await a.register(service(name, '1', node('one', 1)));
      await until(() => watch.seen('create', 'one'));
      await a.close();
      await until(() => watch.seen('delete', 'one'));
      await watch.stop().catch(() => {});
    });

    if (traits.stays) {
      it('leaves what shall stay', async () => {
        const { a, b } = await pair();
        const name = unique('greeter');
        await a.register(service(name, '1', node('stays', 1)), { stays: true });
        await a.register(service(name, '1', node('two', 2)));
        const watch = await observe(b, name);
        await a.close();
        await until(() => watch.seen('delete', 'two'));
        expect(await b.getService(name)).toEqual([service(name, '1', node('stays', 1))]);
        await watch.stop();
      });
    }

    it('is closed when it is closed', async () => {
      const { b } = await pair();
      const watch = await observe(b);
      await b.close();
      await b.close();
      await expect(watch.ended).rejects.toMatchObject({ name: 'RegistryError', code: 'closed' });
      const record = service(unique('greeter'), '1', node('one', 1));
      const closed = expect.objectContaining({ code: 'closed' });
      await expect(b.register(record)).rejects.toEqual(closed);
      await expect(b.deregister(record)).rejects.toEqual(closed);
      await expect(b.getService(record.name)).rejects.toEqual(closed);
      await expect(b.listServices()).rejects.toEqual(closed);
      await expect(b.watch({ signal: new AbortController().signal })).rejects.toBeInstanceOf(RegistryError);
    });

    it(
      traits.expires
        ? 'forgets a registration that is not repeated in time'
        : 'keeps a registration while its process lives',
      async () => {
        const { a, b } = await pair();
        const name = unique('greeter');
        const watch = await observe(b, name);
        await a.register(service(name, '1', node('one', 1)), { ttlMs: 30 });
        await a.register(service(name, '1', node('two', 2)), { ttlMs: 60_000 });
        await until(() => watch.seen('create', 'two'));
        if (traits.expires) await until(() => watch.seen('delete', 'one'));
        const left = (await b.getService(name)).flatMap(({ nodes }) => nodes.map(({ id }) => id));
        expect(left).toEqual(traits.expires ? ['two'] : ['one', 'two']);
        await watch.stop();
      },
    );
  });
}
