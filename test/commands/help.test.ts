import { afterAll, describe, expect, test } from 'vitest';
import { say } from './say.ts';
import { newWorld } from './world.ts';

const world = newWorld();
afterAll(() => world.close());

describe('help', () => {
  test('lists all commands by name after two line breaks, itself and hidden ones excepted', async () => {
    expect(await say(world.set, 'help')).toBe(
      `\n\n${[
        'call [service] [endpoint] [request] - Returns the response for a service call',
        'deregister service [definition] - Deregisters a service',
        'echo [text] - Returns the [text]',
        'get service [name] - Returns a registered service',
        'health [service] - Returns health of a service',
        'hello - Returns a greeting',
        'list nodes [service] - Returns a list of nodes, of one service or of all',
        'list services - Returns a list of registered services',
        'ping - Returns pong',
        'publish [topic] [event] - Publishes an event to whoever subscribed to its topic',
        'register service [definition] - Registers a service',
        'stats [service] - Returns stats of a service',
        'status - Returns the state of the registry and of the commands',
        'stream [service] [endpoint] [request] - Shows what a service streams, message by message',
        'the three laws - Returns the three laws of robotics',
        'time - Returns the server time',
        'watch services [service] - Shows nodes that come, go and change, until you stop it',
      ].join('\n')}`,
    );
  });

  test('explains one command', async () => {
    expect(await say(world.set, 'help call')).toBe(
      [
        'call [service] [endpoint] [request] - Returns the response for a service call',
        'Options:\n  --address value - Call this instance, without discovery\n  -o, --output value - Output format: json or raw\n  --metadata value - Metadata for the service: key=value (may be repeated)',
        'Examples:\n  call greeter Say.Hello {"name": "John"}',
        'Also: query\nSource: built in',
      ].join('\n\n'),
    );
    expect(await say(world.set, 'help query')).toBe(await say(world.set, 'help call'));
    expect(await say(world.set, 'help list services')).toMatch(/^list services - Returns a list/);
    expect(await say(world.set, 'help list')).toMatch(
      /^list:\n {2}list nodes \[service\].*\n {2}list services - Returns a list/,
    );
  });

  test('suggests what may be meant', async () => {
    await expect(say(world.set, 'help helth')).rejects.toMatchObject({
      code: 'not_found',
      message: 'no command helth, did you mean health?',
    });
    await expect(say(world.set, 'help heal')).rejects.toMatchObject({
      message: 'no command heal, did you mean health?',
    });
    await expect(say(world.set, 'help dereg')).rejects.toMatchObject({
      message: 'no command dereg, did you mean deregister service?',
    });
    await expect(say(world.set, 'help bananas')).rejects.toMatchObject({ message: 'no command bananas' });
  });

  test('completes names, word by word', async () => {
    const help = world.set.find(['help'])?.command;
    const { signal } = new AbortController();
    expect(await help?.complete?.([], signal)).toEqual(expect.arrayContaining(['call', 'list', 'the']));
    expect(await help?.complete?.(['The'], signal)).toEqual(['three']);
  });
});
