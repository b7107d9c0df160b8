import { until } from './until.ts';
import type { World } from './world.ts';

/** While nothing happens: what the bot shows otherwise than etcd itself has it, as sentences. */
export async function check(world: World): Promise<readonly string[]> {
  let found: readonly string[] = [];
  const isRight = async (): Promise<boolean> => {
    found = await differences(world);
    return found.length === 0;
  };
  // A lease may end between the two looks.
  await until(isRight, 1000, 'the bot to show what there is').catch(() => {});
  return found;
}

const prefix = '/micro/registry/';

async function differences({ etcd, population, follower }: World): Promise<readonly string[]> {
  const { directory, catalogue } = follower;
  const keys = (await etcd.ctl('get', prefix, '--prefix', '--keys-only')).split('\n').filter((key) => key !== '');
  const registered = new Set(keys.map((key) => key.slice(prefix.length)));
  const shown = new Set(
    [...directory.services].flatMap(([name, versions]) =>
      versions.flatMap(({ nodes }) => nodes.map(({ id }) => `${name}/${id}`)),
    ),
  );
  const live = new Set(
    population.services.flatMap((service) => [...population.members(service)].map(({ id }) => `${service}/${id}`)),
  );
  const commands = new Set(population.services.filter((service) => catalogue.current.find([service]) !== undefined));
  const wanted = new Set([...registered].map((key) => key.split('/')[0] ?? ''));
  return [
    ...without(shown, registered).map((key) => `stale: ${key} is shown`),
    ...without(registered, shown).map((key) => `missing: ${key} is not shown`),
    ...without(live, shown).map((key) => `missing: ${key} is live and not shown`),
    ...without(shown, live).map((key) => `stale: ${key} is dead and shown`),
    ...without(commands, wanted).map((name) => `stale: ${name} is a command`),
    ...without(wanted, commands).map((name) => `missing: ${name} is no command`),
  ];
}

const without = (all: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
  [...all].filter((each) => !others.has(each));
