import { expect, onTestFinished, test } from 'vitest';
import { slashCommands } from '../../src/commands/slash.ts';
import { unique } from '../support/name.ts';
import { until } from '../support/until.ts';
import { commandRecord } from './command-record.ts';
import { say } from './say.ts';
import { newWorld } from './world.ts';

test('a service offers slash commands, which are names of its command', async () => {
  const world = newWorld();
  onTestFinished(() => world.close());
  const name = unique('billing');
  await world.registry.register(
    commandRecord('refund', name, {
      slash: '/refund, pay-back',
      aliases: 'give back',
      usage: 'refund [invoice]',
      description: 'Pays back',
    }),
  );
  const catalogue = await world.catalogue();
  const about = { description: 'Pays back', usage: '[invoice]', service: name };
  expect(slashCommands(catalogue.current)).toEqual([
    { name: 'pay-back', ...about },
    { name: 'refund', ...about },
  ]);
  expect(catalogue.current.find(['pay-back'])?.command.name).toBe('refund');
  expect(await say(catalogue.current, 'help refund')).toContain('Also: give back, pay-back');
});

test('who does not get a name does not get its slash command, until its owner goes', async () => {
  const world = newWorld();
  onTestFinished(() => world.close());
  const [first, second] = [
    commandRecord('one', unique('a'), { slash: 'go' }),
    commandRecord('two', unique('b'), { slash: 'go' }),
  ];
  await world.registry.register(first);
  await world.registry.register(second);
  const catalogue = await world.catalogue();
  const owners = (): readonly string[] => slashCommands(catalogue.current).map(({ service }) => service);
  expect(owners()).toEqual([first.name]);
  expect(catalogue.current.problems).toEqual([
    { kind: 'conflict', name: 'go', service: second.name, owner: first.name },
  ]);
  await world.registry.deregister(first);
  await until(() => owners()[0] === second.name);
});

test('a slash command that no command could have is told of', async () => {
  const world = newWorld();
  onTestFinished(() => world.close());
  await world.registry.register(commandRecord('refund', unique('billing'), { slash: '/Pay Back!' }));
  const { current } = await world.catalogue();
  expect(slashCommands(current)).toEqual([]);
  expect(current.problems).toMatchObject([
    { kind: 'broken', reason: expect.stringMatching(/^slash: "Pay Back!" is no name/) },
  ]);
});

test('the commands of the bot itself are none', () => {
  const world = newWorld();
  onTestFinished(() => world.close());
  expect(slashCommands(world.set)).toEqual([]);
});
