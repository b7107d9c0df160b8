import { afterAll, describe, expect, it, test } from 'vitest';
import { typedLine } from '../../src/bot/line.ts';
import type { Plan } from '../../src/commands/plan.ts';
import { newWorld } from './world.ts';

const world = newWorld();
afterAll(() => world.close());

const changing = ['call', 'deregister service', 'publish', 'register service', 'stream'];

test('each command of the bot says whether it changes something', () => {
  const effects = world.set.commands
    .filter(({ source }) => source.kind === 'builtin')
    .map(({ name, effect }) => [name, effect]);
  expect(effects.length).toBeGreaterThan(15);
  expect(effects.filter(([, effect]) => effect === undefined)).toEqual([]);
  const changes = effects.filter(([, effect]) => effect === 'change').map(([name]) => name);
  expect(changes).toEqual(changing);
});

async function plan(line: string): Promise<Plan | undefined> {
  const typed = typedLine(line);
  const found = world.set.find(typed.head(world.set.longest));
  const args = typed.rest(found?.words ?? 0);
  return found?.command.plan?.({ args, options: {}, caller: { input: 'chat', room: 'ops', user: 'ann' } });
}

describe('what a command would do', () => {
  it('names the topic of what is published', async () => {
    expect([...((await plan('publish deployed {"a":1}'))?.parameters ?? [])]).toEqual([['topic', ['deployed']]]);
    await expect(plan('publish deployed')).rejects.toThrow('require topic and message');
    await expect(plan('publish deployed [1]')).rejects.toThrow('must be a JSON object');
  });

  it.each(['register', 'deregister'])('names the service that somebody wants to %s', async (verb) => {
    const definition = '{"name":"foo","version":"2","nodes":[{"id":"foo-1","address":"127.0.0.1:1"}]}';
    expect([...((await plan(`${verb} service ${definition}`))?.parameters ?? [])]).toEqual([
      ['service', ['foo']],
      ['version', ['2']],
    ]);
    expect(await plan(`${verb} service`)).toMatchObject({ effect: 'read' });
    await expect(plan(`${verb} service {"name":"foo"}`)).rejects.toThrow('at least one node');
  });

  it('is known of call and stream', async () => {
    for (const verb of ['call', 'query', 'stream']) {
      expect(await plan(`${verb} nobody A.B {"x":1}`)).toMatchObject({
        effect: 'change',
        target: { service: 'nobody' },
      });
    }
  });
});
