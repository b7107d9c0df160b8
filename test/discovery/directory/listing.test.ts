import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { node, service } from '../../contract/registry.ts';
import { until } from '../../support/until.ts';
import { faultyRegistry } from './faulty.ts';
import { contents, follow, ids, setup } from './world.ts';

describe('a listing', () => {
  it('asks at most 32 services at a time, each once', async () => {
    const far = faultyRegistry({ listsNodes: false });
    for (let at = 0; at < 100; at += 1) await far.real.register(service(`s${at}`, '1.0.0', node(`n${at}`, 1)));
    far.state.answerDelay = () => pause(1);
    const { directory } = follow(far);
    await directory.ready;
    expect(directory.services.size).toBe(100);
    expect(far.asked.most).toBe(32);
    expect(far.asked.names).toHaveLength(100);
  });

  it('asks for nobody when lists are whole', async () => {
    const far = faultyRegistry();
    for (let at = 0; at < 100; at += 1) await far.real.register(service(`s${at}`, '1.0.0', node(`n${at}`, 1)));
    const { directory } = follow(far);
    await directory.ready;
    expect(directory.services.size).toBe(100);
    expect(far.asked).toMatchObject({ lists: 1, names: [] });
  });

  it.each([
    true,
    false,
  ])('keeps what happens during the first one, and asks again (whole lists: %s)', async (listsNodes) => {
    const far = faultyRegistry({ listsNodes });
    await far.real.register(service('left', '1.0.0', node('a', 1)));
    await far.real.register(service('back', '1.0.0', node('b', 1)));
    const release = far.holdAnswers();
    const { directory, changes } = follow(far);
    release();
    await until(() => far.watchers === 1);
    const releaseList = far.holdAnswers();
    await until(() => far.asked.lists === 1);
    await far.real.deregister(service('left', '1.0.0', node('a', 1)));
    await far.real.deregister(service('back', '1.0.0', node('b', 1)));
    await far.real.register(service('back', '1.0.0', node('b', 1)));
    await far.real.register(service('came', '1.0.0', node('c', 1)));
    releaseList();
    await directory.ready;
    await until(() => contents(directory).join() === 'back 1.0.0 b 127.0.0.1:1,came 1.0.0 c 127.0.0.1:1');
    expect(changes.flat()).not.toContain('left');
  });

  it('does not believe events that are older than the list', async () => {
    const far = faultyRegistry();
    await far.real.register(service('steady', '1.0.0', node('a', 1)));
    const releaseAnswers = far.holdAnswers();
    const { directory } = follow(far);
    releaseAnswers();
    await until(() => far.watchers === 1);
    const seen: boolean[] = [];
    directory.onChange(() => seen.push(directory.services.has('steady')));
    const release = far.holdEvents();
    await far.real.deregister(service('steady', '1.0.0', node('a', 1)));
    await far.real.register(service('steady', '1.0.0', node('a', 2)));
    await directory.ready;
    release();
    await far.real.register(service('after', '1.0.0', node('z', 1)));
    await until(() => directory.services.has('after') && contents(directory).includes('steady 1.0.0 a 127.0.0.1:2'));
    expect(seen).not.toContain(false);
  });

  it('finds without an event what came and went, and asks twice before it believes that something is gone', async () => {
    const { far, directory, changes } = await setup({ listsNodes: false, relistMs: 30 });
    await far.real.register(service('here', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('here'));
    far.state.losesEvents = true;
    await far.real.register(service('here', '1.0.0', node('b', 2)));
    await until(() => ids(directory.services.get('here')).join() === 'a,b');

    far.state.overlooked.push('here', 'here');
    const before = changes.length;
    const lists = far.asked.lists;
    await until(() => far.state.overlooked.length < 2 && far.asked.lists > lists + 2);
    far.state.overlooked.length = 0;
    expect(changes.slice(before).every(() => directory.services.has('here'))).toBe(true);
    expect(ids(directory.services.get('here'))).toEqual(['a', 'b']);

    await far.real.deregister(service('here', '1.0.0', node('a', 1), node('b', 2)));
    await until(() => !directory.services.has('here'));
  });

  it('lists whole a second time when many are missing', async () => {
    const { far, directory } = await setup({ relistMs: 50 });
    const many = Array.from({ length: 100 }, (_, at) => service(`s${at}`, '1.0.0', node(`n${at}`, 1)));
    for (const each of many) await far.real.register(each);
    await until(() => directory.services.size === 100);
    far.state.losesEvents = true;
    far.state.overlooked.push(...many.map(({ name }) => name));
    far.asked.names.length = 0;
    await until(() => far.state.overlooked.length === 0);
    const lists = far.asked.lists;
    await until(() => far.asked.lists > lists + 2);
    expect(directory.services.size).toBe(100);
    expect(far.asked.names).toEqual([]);
  });

  it('runs one at a time, and holds up neither lookups nor events', async () => {
    const { far, directory } = await setup({ relistMs: 10, settleMs: 0 });
    await far.real.register(service('known', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('known'));
    const before = far.asked.lists;
    const release = far.holdAnswers();
    await until(() => far.asked.lists > before);
    const during = far.asked.lists;
    expect(ids(await directory.lookup('known'))).toEqual(['a']);
    await far.real.register(service('new', '1.0.0', node('b', 1)));
    await far.real.deregister(service('known', '1.0.0', node('a', 1)));
    await until(() => directory.services.has('new') && !directory.services.has('known'));
    await pause(30);
    expect(far.asked.lists).toBe(during);
    release();
    await until(() => far.asked.lists > during + 2);
    expect(contents(directory)).toEqual(['new 1.0.0 b 127.0.0.1:1']);
  });

  it('leaves out a broken record, and says so once', async () => {
    const far = faultyRegistry({ listsNodes: false });
    far.state.broken.add('broken');
    await far.real.register(service('broken', '1.0.0', node('a', 1)));
    await far.real.register(service('fine', '1.0.0', node('b', 1)));
    const { directory, said } = follow(far, { relistMs: 10 });
    await directory.ready;
    expect([...directory.services.keys()]).toEqual(['fine']);
    await until(() => far.asked.lists > 3);
    const told = said('warn').map(({ fields }) => [fields['service'], String(fields['error'])]);
    expect(told).toEqual([['broken', 'RegistryError: broken is garbled']]);
    await expect(directory.lookup('broken')).rejects.toMatchObject({ code: 'invalid' });
    expect(directory.state.kind).toBe('connected');

    far.state.broken.clear();
    await until(() => directory.services.has('broken'));
    far.state.broken.add('broken');
    const lists = far.asked.lists;
    await until(() => far.asked.lists > lists + 2);
    expect(directory.services.has('broken')).toBe(true);
  });

  it('asks when an event does not say of which nodes it tells', async () => {
    const { far, directory } = await setup();
    far.state.losesEvents = true;
    await far.real.register(service('vague', '1.0.0', node('a', 1)));
    expect(ids(await directory.lookup('vague'))).toEqual(['a']);
    await far.real.deregister(service('vague', '1.0.0', node('a', 1)));
    far.tell({ action: 'delete', service: service('vague', '') });
    await until(() => !directory.services.has('vague'));
  });
});
