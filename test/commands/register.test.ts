import { afterAll, describe, expect, test } from 'vitest';
import { say, shell } from './say.ts';
import { newWorld } from './world.ts';

const world = newWorld();
afterAll(() => world.close());

const foo = '{"name":"foo","version":"bar","nodes":[{"id":"foo-1","address":"127.0.0.1","port":8080}]}';

describe('register service', () => {
  test('puts a service into the registry, and deregister takes it out', async () => {
    expect(await shell(world.set, ['register', 'service', foo])).toBe(
      'ok, until this process ends: memory keeps nothing',
    );
    expect(await say(world.set, 'get service foo')).toBe(
      'service  foo\n\nversion bar\n\nID\tAddress\tPort\tMetadata\nfoo-1\t127.0.0.1\t8080\t',
    );
    expect(await say(world.set, `deregister service ${foo}`)).toBe('ok');
    await expect(say(world.set, 'get service foo')).rejects.toMatchObject({ message: 'Service not found' });
    expect(await say(world.set, `deregister service ${foo}`)).toBe('ok');
  });

  test('understands names in any case, and an address with its port', async () => {
    const json = '{"Name":"Foo","NODES":[{"Id":"f","ADDRESS":"[::1]:1","Metadata":{"Key":"Value"}}],"Endpoints":null}';
    expect(await say(world.set, `register service ${json}`)).toBe('ok');
    expect(await world.registry.getService('Foo')).toEqual([
      {
        name: 'Foo',
        version: '',
        metadata: {},
        endpoints: [],
        nodes: [{ id: 'f', address: '[::1]:1', metadata: { Key: 'Value' } }],
      },
    ]);
  });

  test('needs a definition', async () => {
    expect(await say(world.set, 'register service')).toBe('require service definition');
    expect(await say(world.set, 'deregister service')).toBe('require service definition');
    await expect(shell(world.set, ['register', 'service'])).rejects.toMatchObject({
      code: 'usage',
      message: 'require service definition',
    });
  });

  test.each([
    ['{"name": foo}', /^invalid character 'o' in literal false \(expecting 'a'\) at line 1 column 11\n/],
    ['[]', /^the request must be a JSON object, not an array$/],
    ['{}', /name/],
    ['{"name": "x"}', /^a service needs at least one node with id and address e\.g \{"name": "foo"/],
    ['{"name": "x", "nodes": []}', /^a service needs at least one node/],
    ['{"name": "x", "nodes": [{"id": "x-1"}]}', /nodes\[0\]\.address/],
    ['{"name": "x", "nodes": [{"address": "h:1"}]}', /nodes\[0\]\.id/],
    ['{"name": "x", "nodes": [{"id": "x-1", "address": "h", "port": 99999}]}', /nodes\[0\]\.port/],
    ['{"name": "x", "nodes": "many"}', /nodes/],
  ])('refuses %s', async (json, message) => {
    await expect(say(world.set, `register service ${json}`)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
  });
});
