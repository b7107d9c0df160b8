import { describe, expect, test } from 'vitest';
import { badRequest } from '../../../src/runtime/errors.ts';
import { streaming, unary } from '../../../src/runtime/server/server.ts';
import { nodeRecorder, type NodeRecorderOptions } from '../../../src/runtime/wrappers/node-recorder.ts';
import { failure, hello, newWorld, transports } from '../world.ts';

const greet = { service: 'greeter', endpoint: 'Greeter.Hello', body: {} };
const command = (id: string) => ({ metadata: { 'Micro-Bot-Command-Id': id } });

describe.each(transports)('a recorder on a client over %s', (_, transport) => {
  const setup = async (options: NodeRecorderOptions = {}) => {
    const world = newWorld(transport);
    const refuse = unary(() => {
      throw badRequest('greeter', 'no');
    });
    const talk = streaming(async function* (requests: AsyncIterable<unknown>) {
      yield* requests;
    });
    const server = await world.serve({ Hello: hello, Refuse: refuse, Talk: talk });
    const recorder = nodeRecorder(options);
    const client = world.client({ onAnswer: recorder.onAnswer, defaults: { retries: 0 } });
    const [record] = await world.registry.getService('greeter');
    const [node] = record?.nodes ?? [];
    return { recorder, client, server, here: { node: node?.id, address: node?.address } };
  };

  test('knows the node that answered a command, once', async () => {
    const { recorder, client, here } = await setup();
    await client.call(greet, command('7'));
    await client.call(greet);
    expect(recorder.take('7')).toEqual({ ...here, version: undefined });
    expect(recorder.take('7')).toBeUndefined();
    expect(recorder.take('8')).toBeUndefined();
  });

  test('and its version, where somebody knows', async () => {
    const versionOf = (service: string, node: string): string => `${service} ${node}`;
    const { recorder, client, here } = await setup({ versionOf });
    await client.call(greet, command('7'));
    expect(recorder.take('7')?.version).toBe(`greeter ${here.node}`);
  });

  test('a refusal is an answer, and so is a stream that is open', async () => {
    const { recorder, client, here } = await setup();
    await failure(client.call({ service: 'greeter', endpoint: 'Greeter.Refuse' }, command('refused')));
    expect(recorder.take('refused')).toMatchObject(here);
    await using stream = await client.stream(
      { service: 'greeter', endpoint: 'Greeter.Talk', body: 'a' },
      command('talk'),
    );
    expect((await stream[Symbol.asyncIterator]().next()).value).toBe('a');
    expect(recorder.take('talk')).toMatchObject(here);
  });

  test('a node that was given is known by its address', async () => {
    const { recorder, client, here } = await setup();
    const { address = '' } = here;
    await client.call(greet, { ...command('7'), address });
    expect(recorder.take('7')).toMatchObject({ node: address, address });
  });

  test('a node that is gone has not answered', async () => {
    const { recorder, client, server } = await setup();
    const { address } = server;
    await server.stop();
    await failure(client.call(greet, { ...command('7'), address }));
    await failure(client.call({ ...greet, service: 'nobody' }, command('8')));
    expect([recorder.take('7'), recorder.take('8')]).toEqual([undefined, undefined]);
  });

  test('remembers so many at most', async () => {
    const { recorder, client } = await setup({ most: 2 });
    for (const id of ['1', '2', '1', '3']) await client.call(greet, command(id));
    expect(['1', '2', '3'].map((id) => recorder.take(id) !== undefined)).toEqual([true, false, true]);
  });
});
