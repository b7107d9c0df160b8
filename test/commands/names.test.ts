import { expect, onTestFinished, test } from 'vitest';
import type { Catalogue } from '../../src/commands/catalogue.ts';
import type { ServiceRecord } from '../../src/discovery/registry.ts';
import { until } from '../support/until.ts';
import { commandRecord } from './command-record.ts';
import { newWorld } from './world.ts';

const ofTheBot = ['ping', 'status', 'call me'];
const words = ['deploy', 'ship', 'roll out', 'roll back', 'list pods', ...ofTheBot];

interface Offered {
  readonly record: ServiceRecord;
  /** The command's name, then its aliases. */
  readonly names: readonly string[];
}

type Everybody = ReadonlyMap<string, Offered>;

/** The service that has a name, if one has. */
const ownerOf = ({ current }: Catalogue, name: string): string | undefined => {
  const found = current.find(name.split(' '));
  const source = found?.words === name.split(' ').length ? found.command.source : undefined;
  return source?.kind === 'service' ? source.service : undefined;
};

/** Whether each name is somebody's who offers it, and everybody else who wants it is told of. */
function isFair(catalogue: Catalogue, everybody: Everybody): boolean {
  const { commands, problems } = catalogue.current;
  const isTold = (service: string, name: string): boolean =>
    problems.some((problem) => problem.service === service && problem.name === name);
  const isServed = ([service, { names }]: readonly [string, Offered]): boolean =>
    // Who does not get the first name has no command, and so no alias.
    names
      .slice(0, ownerOf(catalogue, names[0] ?? '') === service ? names.length : 1)
      .every((name) => (ownerOf(catalogue, name) === service) !== isTold(service, name));
  const listed = commands.flatMap(({ source }) => (source.kind === 'service' ? [source.service] : []));
  return (
    [...everybody].every(isServed) &&
    listed.every((service) => everybody.has(service)) &&
    new Set(listed).size === listed.length &&
    problems.every(
      (problem) =>
        problem.kind === 'conflict' &&
        everybody.get(problem.service)?.names.includes(problem.name) === true &&
        problem.owner === ownerOf(catalogue, problem.name) &&
        (problem.owner === undefined) === ofTheBot.includes(problem.name),
    )
  );
}

test.each([1, 2, 3])('every name is given to somebody who offers it, whatever comes and goes (%i)', async (start) => {
  const world = newWorld();
  onTestFinished(() => world.close());
  const catalogue = await world.catalogue();
  let seed = start;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const everybody = new Map<string, Offered>();
  const change = async (service: string): Promise<void> => {
    const before = everybody.get(service);
    if (before !== undefined) await world.registry.deregister(before.record);
    everybody.delete(service);
    if (random(3) === 0) return;
    const names = Array.from({ length: 1 + random(3) }, () => words[random(words.length)] ?? '');
    const [command = '', ...aliases] = names;
    const record = commandRecord(command, service, { aliases: aliases.join(',') });
    await world.registry.register(record);
    everybody.set(service, { record, names });
  };
  for (let round = 0; round < 20; round += 1) {
    for (let count = random(4); count >= 0; count -= 1) await change(`service-${random(6)}`);
    await until(() => isFair(catalogue, everybody));
  }
  expect(catalogue.current.commands.length).toBeGreaterThan(world.set.commands.length - 1);
});
