import { expect, it } from 'vitest';
import { sleep } from '../../../src/async/sleep.ts';
import { recordJson } from '../../../src/discovery/record-json.ts';
import { node, service } from '../../contract/registry.ts';
import { missingNats } from '../../support/nats.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import { open, peerOf, started } from './world.ts';

const ids = Array.from({ length: 200 }, (_, at) => `n${String(at).padStart(3, '0')}`);

withServer(missingNats(), 'over NATS, many', () => {
  it('nodes of one process come and go at once, though they do not fit into one message', async () => {
    const server = await started();
    const [a, b] = [open(server), open(server)];
    const watch = await observe(b, 'greeter');
    // 200 of these are more than a message can be.
    const wide = service('greeter', '1', ...ids.map((id, at) => node(id, at, { text: 'x'.repeat(10_000) })));
    await a.register(wide);
    await until(() => watch.events.length === 200);
    expect(await b.getService('greeter')).toEqual([wide]);
    await a.close();
    await until(() => watch.events.length === 400);
    expect(await b.getService('greeter')).toEqual([]);
    await watch.stop();
  });

  it('processes register at once', async () => {
    const server = await started();
    const patient = { timeoutMs: 20_000 };
    const reader = open(server, patient);
    const watch = await observe(reader);
    await Promise.all(ids.map((id, at) => open(server, patient).register(service(`s-${id}`, '1', node(id, at)))));
    await until(() => watch.events.length === 200);
    expect((await reader.listServices()).map(({ name }) => name)).toEqual(ids.map((id) => `s-${id}`));
    await watch.stop();
  });

  it('questions at once get their own answers', async () => {
    const server = await started();
    const [a, b] = [open(server), open(server)];
    await Promise.all(ids.map((id, at) => a.register(service(id, '1', node(id, at)))));
    const answers = await Promise.all(ids.map((id) => b.getService(id)));
    expect(answers.map(([record]) => record?.name)).toEqual(ids);
  });

  it('an empty registry is known at once: NATS says that nobody listens', async () => {
    const own = open(await started(), { windowMs: 60_000, timeoutMs: 60_000 });
    expect(await own.getService('greeter')).toEqual([]);
    expect(await own.listServices()).toEqual([]);
  });

  it('what a watch knows whole is not waited for', async () => {
    const server = await started();
    const peer = await peerOf(server);
    const text = recordJson(service('greeter', '1', node('one', 1)));
    peer.subscribe('micro.nats.query', { callback: (_error, message) => void message.respond(text) });
    await peer.flush();
    const windowMs = 1000;
    const own = open(server, { windowMs, timeoutMs: 10_000, refreshMs: 60_000 });
    const watch = await observe(own, 'greeter');
    // When the roll was called. Then the answer is there long before the silence that would end it otherwise.
    await until(async () => 'first' === (await Promise.race([first(own.getService('greeter')), sleep(windowMs / 2)])));
    await watch.stop();
  });
});

const first = (answer: Promise<unknown>): Promise<'first'> => answer.then(() => 'first');
