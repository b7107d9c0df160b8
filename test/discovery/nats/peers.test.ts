import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { announcementText, questionText } from '../../../src/discovery/nats/words.ts';
import { recordJson } from '../../../src/discovery/record-json.ts';
import type { ServiceRecord } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { missingNats } from '../../support/nats.ts';
import { unique } from '../../support/name.ts';
import { withServer } from '../../support/needs.ts';
import { observe } from '../../support/observe.ts';
import { recordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';
import { open, peerOf, started } from './world.ts';

const [old, six] = ['micro.registry.nats', 'micro.nats'];

/** Answers each question on one set of subjects with the same text, after a while. */
async function answering(
  peer: NatsConnection,
  prefix: string,
  text: string,
  afterMs = 0,
): Promise<() => Promise<void>> {
  const subscription = peer.subscribe(`${prefix}.query`, {
    callback: (_error, message) => void setTimeout(() => message.respond(text), afterMs),
  });
  await peer.flush();
  return async () => {
    subscription.unsubscribe();
    await peer.flush();
  };
}

async function asked(peer: NatsConnection, subject: string, text: string): Promise<string[]> {
  const answers: string[] = [];
  const box = `box.${unique('x')}`;
  peer.subscribe(box, { callback: (_error, message) => void answers.push(message.string()) });
  peer.publish(subject, text, { reply: box });
  // Who answers has read this before he reads what comes next.
  peer.publish(subject, '{"Action":"list"}', { reply: `${box}.end` });
  const end = peer.subscribe(`${box}.end`, { max: 1 });
  await peer.flush();
  for await (const _ of end) break;
  return answers;
}

withServer(missingNats(), 'with its peers', () => {
  it.each([old, six])('answers at %s.query', async (prefix) => {
    const server = await started();
    const peer = await peerOf(server);
    const own = open(server);
    const one = service('greeter', '1', node('one', 1), node('two', 2));
    const other = service('greeter', '2', node('three', 3));
    await own.register(one);
    await own.register(other);
    await own.register(service('bye', '1', node('four', 4)));
    expect(await asked(peer, `${prefix}.query`, questionText('greeter'))).toEqual([recordJson(one), recordJson(other)]);
    expect(await asked(peer, `${prefix}.query`, questionText(undefined))).toHaveLength(3);
    for (const text of [questionText('nobody'), '', '{', '{"Action":"get","Service":null}', '{"Action":"create"}'])
      expect(await asked(peer, `${prefix}.query`, text)).toEqual([]);
    await own.deregister(service('bye', '', node('four', 4)));
    expect(await asked(peer, `${prefix}.query`, questionText(undefined))).toHaveLength(2);
  });

  it('tells both generations what comes and goes', async () => {
    const server = await started();
    const peer = await peerOf(server);
    const told: string[] = [];
    for (const prefix of [old, six])
      peer.subscribe(`${prefix}.watch`, { callback: (_, message) => void told.push(`${prefix} ${message.string()}`) });
    await peer.flush();
    const own = open(server);
    const record = service('greeter', '1', node('one', 1));
    await own.register(record);
    await own.deregister(record);
    await until(() => told.length === 4);
    expect(told).toEqual(
      (['create', 'delete'] as const).flatMap((action) =>
        [old, six].map((prefix) => `${prefix} ${announcementText(action, record)}`),
      ),
    );
  });

  it('asks both at once and takes a node that answers twice for one', async () => {
    const server = await started();
    const peer = await peerOf(server);
    const questions: string[] = [];
    for (const prefix of [old, six])
      peer.subscribe(`${prefix}.query`, { callback: (_, message) => void questions.push(message.string()) });
    const own = open(server);
    const both = service('greeter', '1', node('both', 1));
    for (const prefix of [old, six]) await answering(peer, prefix, recordJson(both));
    await answering(peer, old, recordJson(service('greeter', '1', node('old', 2))));
    await answering(peer, six, recordJson(service('greeter', '2', node('six', 3))));
    expect(await own.getService('greeter')).toEqual([
      service('greeter', '1', node('both', 1), node('old', 2)),
      service('greeter', '2', node('six', 3)),
    ]);
    expect(questions).toEqual([questionText('greeter'), questionText('greeter')]);
    expect((await own.listServices()).map(({ version }) => version)).toEqual(['1', '2']);
    expect(await own.getService('other')).toEqual([]);
  });

  it('waits for who is slow, as long as somebody answers', async () => {
    const server = await started();
    const peer = await peerOf(server);
    const own = open(server, { windowMs: 400 });
    for (const [at, ms] of [0, 250, 450].entries())
      await answering(peer, old, recordJson(service('greeter', '1', node(`n${at}`, at))), ms);
    expect((await own.getService('greeter')).flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual([
      'n0',
      'n1',
      'n2',
    ]);
  });

  it('believes a goodbye, though the node goes on answering, until it is announced again', async () => {
    const server = await started();
    const peer = await peerOf(server);
    const own = open(server);
    const record = service('greeter', '1', node('one', 1));
    await answering(peer, old, recordJson(record));
    expect(await own.getService('greeter')).toEqual([record]);
    const watch = await observe(own, 'greeter');
    await until(() => watch.seen('create', 'one'));
    peer.publish(`${old}.watch`, announcementText('delete', record));
    await until(() => watch.seen('delete', 'one'));
    expect(await own.getService('greeter')).toEqual([]);
    expect(await own.listServices()).toEqual([]);
    peer.publish(`${old}.watch`, announcementText('delete', record));
    peer.publish(`${six}.watch`, announcementText('create', record).replace('create', 'put'));
    await until(() => watch.events.length === 3);
    expect(watch.events.map(({ action }) => action)).toEqual(['create', 'delete', 'create']);
    expect(await own.getService('greeter')).toEqual([record]);
    await watch.stop();
  });

  it('leaves out what is no record, and says so once', async () => {
    const server = await started();
    const peer = await peerOf(server);
    const log = recordedLog();
    const own = open(server, { log });
    const good = service('greeter', '1', node('one', 1));
    const broken = ['{"name":"greeter","nodes":[{"id":"","address":"x"}]}', 'garbage', 'other garbage', '7', '\u0000'];
    for (const text of [...broken, recordJson(good), recordJson(service('wrong', '1', node('two', 2)))])
      await answering(peer, old, text);
    expect(await own.getService('greeter')).toEqual([good]);
    await own.getService('greeter');
    expect(log.lines).toEqual(Array.from({ length: 3 }, () => 'warn: NATS: an unreadable record is left out'));
    const watch = await observe(own, 'other');
    for (const text of [
      '',
      '{}',
      '{"Action":"create"}',
      '{"Action":"create","Service":{"name":7}}',
      '{"Action":"delete","Service":[]}',
    ])
      peer.publish(`${old}.watch`, text);
    const other = service('other', '1', node('two', 2));
    peer.publish(`${old}.watch`, announcementText('create', other));
    await until(() => watch.events.length > 0);
    expect(watch.events).toEqual([{ action: 'create', service: other }]);
    await watch.stop();
  });

  it.each([
    'a/b',
    'с приветом',
    'a b\n"c"',
    '*',
    'x'.repeat(100_000),
    '__proto__',
    '{"a":1}',
  ])('takes the name %.20j', async (name) => {
    const server = await started();
    const [a, b] = [open(server), open(server)];
    const record: ServiceRecord = service(name, 'v/1', node('on/e', 1, { 'k ': 'ü' }));
    await a.register(record);
    expect(await b.getService(name)).toEqual([record]);
    expect(await b.listServices()).toEqual([record]);
  });

  it('refuses what is no record, or too large for NATS', async () => {
    const own = open(await started());
    const invalid = expect.objectContaining({ name: 'RegistryError', code: 'invalid' });
    await expect(own.register(service('', '1', node('one', 1)))).rejects.toEqual(invalid);
    await expect(own.register(service('a', '1', node('', 1)))).rejects.toEqual(invalid);
    await expect(own.register(service('a', '1', { id: 'x', address: '', metadata: {} }))).rejects.toEqual(invalid);
    await expect(own.register(service('a', '1', node('x', 1, { k: 'v'.repeat(2 ** 20) })))).rejects.toEqual(invalid);
    await expect(own.getService('x'.repeat(2 ** 20))).rejects.toEqual(invalid);
    expect(await own.listServices()).toEqual([]);
  });
});
