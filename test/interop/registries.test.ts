import { afterAll, beforeAll, describe, it } from 'vitest';
import { missingEtcd } from '../support/etcd.ts';
import { missingGo, releases } from '../support/go.ts';
import { withGo } from '../support/namespace.ts';
import { missingNats } from '../support/nats.ts';
import { withServer } from '../support/needs.ts';
import { Scope, scoped } from './matrix/scope.ts';
import { botAndCommand, botAndService, type Say, startBot, withCommands } from './registries/bot.ts';
import { type Cell, cellName, cellsOf, type RegistryName } from './registries/cells.ts';
import { type Place, startPlace } from './registries/place.ts';
import { theyCall, theyListAndGet, theyMiss, theyWatch } from './registries/they-find.ts';
import { weCall, weListAndGet, weMiss, weWatch } from './registries/we-find.ts';

const meet = (cell: Cell, place: Place, scope: Scope): Promise<void> => {
  switch (cell.encounter) {
    case 'we list and get it':
      return weListAndGet(cell, place, scope);
    case 'we call it':
      return weCall(cell, place, scope);
    case 'we see it come and go':
      return weWatch(cell, place, scope);
    case 'we miss it after kill -9':
      return weMiss(cell, place, scope);
    case 'it lists and gets us':
      return theyListAndGet(cell, place, scope);
    case 'it calls us':
      return theyCall(cell, place, scope);
    case 'it sees us come and go':
      return theyWatch(cell, place, scope);
    case 'it misses us after kill -9':
      return theyMiss(cell, place, scope);
    default:
      return cell.encounter satisfies never;
  }
};

const suite = (registry: RegistryName) => (): void => {
  const running = new Scope();
  let place: Place;
  let say: Say;
  beforeAll(async () => {
    place = await startPlace(registry);
    running.defer(() => place.close());
    say = await startBot(place, running);
  });
  afterAll(() => running.close());

  // Most of the time somebody's end is waited for.
  describe.concurrent('with Go services', { timeout: 60_000 }, () => {
    it.each(cellsOf(registry, releases).map((cell) => [cellName(cell), cell] as const))('%s', (_, cell) =>
      scoped((scope) => meet(cell, place, scope)));
    it.each(releases)('the bot shows, asks and calls a service of %s', (release) =>
      scoped((scope) => botAndService(say, release, place, scope)));
    // test/interop/commands.test.ts has the like in mDNS, where a bot takes ten seconds to miss somebody.
    it.each(
      registry === 'mdns' ? [] : withCommands,
    )('the bot has a command of %s as long as it has a node', (release) =>
      scoped((scope) => botAndCommand(say, release, place, scope)));
  });
};

withServer(missingGo() ?? missingEtcd(), 'one etcd', suite('etcd'));
withServer(missingGo() ?? missingNats(), 'one NATS', suite('nats'));
withGo('one mDNS', suite('mdns'));
