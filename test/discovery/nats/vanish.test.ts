import { expect, it } from 'vitest';
import { recordJson } from '../../../src/discovery/record-json.ts';
import { node, service } from '../../contract/registry.ts';
import { missingNats } from '../../support/nats.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import { open, peerOf, started } from './world.ts';

withServer(missingNats(), 'nodes that nobody announced', () => {
  it('are found by a watch, and gone when they answer no more', async () => {
    const server = await started();
    const [killed, other] = [await peerOf(server), await peerOf(server)];
    const own = open(server);
    const [all, one] = [await observe(own), await observe(own, 'greeter')];
    let greeter = service('greeter', '1', node('one', 1));
    let answers = true;
    const answer = (peer: typeof killed, record: () => string): void =>
      void peer.subscribe('micro.nats.query', {
        callback: (_error, message) => void (answers && message.respond(record())),
      });
    answer(killed, () => recordJson(greeter));
    answer(other, () => recordJson(service('other', '1', node('two', 2))));
    await until(() => all.seen('create', 'one') && all.seen('create', 'two') && one.seen('create', 'one'));
    greeter = service('greeter', '1', node('one', 7));
    await until(() => one.seen('update', 'one'));
    await killed.close();
    await until(() => one.seen('delete', 'one') && all.seen('delete', 'one'));
    expect(one.events.map(({ action, service }) => [action, service.nodes[0]?.address])).toEqual([
      ['create', '127.0.0.1:1'],
      ['update', '127.0.0.1:7'],
      ['delete', '127.0.0.1:7'],
    ]);
    expect(all.seen('delete', 'two')).toBe(false);
    answers = false;
    await until(() => all.seen('delete', 'two'));
    answers = true;
    await until(
      () => all.events.filter(({ action, service }) => action === 'create' && service.name === 'other').length === 2,
    );
    await all.stop();
    await one.stop();
  });

  it('are found by who watches later, too', async () => {
    const server = await started();
    const peer = await peerOf(server);
    for (const name of ['a', 'b']) {
      const text = recordJson(service(name, '1', node(`${name}1`, 1)));
      peer.subscribe('micro.registry.nats.query', { callback: (_error, message) => void message.respond(text) });
    }
    await peer.flush();
    const own = open(server);
    const a = await observe(own, 'a');
    await until(() => a.seen('create', 'a1'));
    const all = await observe(own);
    await until(() => all.seen('create', 'b1'));
    await all.stop();
    await a.stop();
    expect(a.events.map(({ action, service: { name } }) => `${action} ${name}`)).toEqual(['create a']);
    const again = await observe(own, 'b');
    await until(() => again.seen('create', 'b1'));
    await again.stop();
  });

  it('whose own time is over are told', async () => {
    const server = await started();
    const peer = await peerOf(server);
    const told: string[] = [];
    peer.subscribe('micro.nats.watch', { callback: (_error, message) => void told.push(message.string()) });
    await peer.flush();
    const own = open(server);
    const greeter = service('greeter', '1', node('one', 1));
    await own.register(greeter, { ttlMs: 200 });
    await own.register(greeter, { ttlMs: 200 });
    await until(() => told.length === 3);
    expect(told[2]).toBe(`{"Action":"delete","Service":${recordJson(greeter)}}`);
    expect(await own.getService('greeter')).toEqual([]);
  });
});
