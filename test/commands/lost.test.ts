import { describe, expect, onTestFinished, test } from 'vitest';
import { completeLine } from '../../src/bot/complete.ts';
import type { CommandSet } from '../../src/commands/set.ts';
import { until } from '../support/until.ts';
import { fragile } from './fragile.ts';
import { say } from './say.ts';
import { greeter, newWorld } from './world.ts';

const note = /^The registry is out of reach since (?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC: this is what was known\.$/;

/** What is answered, and its last line. */
async function parts(set: CommandSet, line: string): Promise<readonly [string, string]> {
  const answer = await say(set, line);
  const at = answer.lastIndexOf('\n\n');
  return [answer.slice(0, at), answer.slice(at + 2)];
}

describe('while the registry is lost', () => {
  test.each([
    'list services',
    'list nodes',
    'list nodes greeter',
    'get service greeter',
    'health greeter',
  ])('%s tells what was known, and says so', async (line) => {
    const { registry, fail, heal } = fragile();
    const world = newWorld(registry);
    onTestFinished(() => world.close());
    await world.serve('greeter', [greeter]);
    const catalogue = await world.catalogue();
    const before = await say(catalogue.current, line);
    expect(before).toContain('greeter');
    fail();
    await until(() => catalogue.current.stale);
    const [answer, last] = await parts(catalogue.current, line);
    expect(answer).toBe(before);
    expect(last).toMatch(note);
    heal();
    await until(() => !catalogue.current.stale);
    expect(await say(catalogue.current, line)).toBe(before);
  });

  test('stats, calls and completion go on, and the unknown is told from the unreachable', async () => {
    const { registry, fail } = fragile();
    const world = newWorld(registry);
    onTestFinished(() => world.close());
    await world.serve('greeter', [greeter]);
    const catalogue = await world.catalogue();
    await expect(say(catalogue.current, 'get service nope')).rejects.toMatchObject({ message: 'Service not found' });
    fail();
    await until(() => catalogue.current.stale);
    const { current } = catalogue;
    expect((await parts(current, 'stats greeter'))[1]).toMatch(note);
    expect(await say(current, 'call greeter Say.Hello {"name": "Ann"}')).toContain('Hello Ann');
    expect(await completeLine(current, 'call gr')).toEqual(['greeter']);
    expect(await completeLine(current, 'call greeter ')).toEqual(['Say.Hello']);
    await expect(say(current, 'get service never')).rejects.toMatchObject({
      code: 'failed',
      message: 'the registry is unplugged',
    });
  });
});

describe('before anything was seen', () => {
  test('lists fail with the registry', async () => {
    const { registry, fail, heal } = fragile();
    const world = newWorld(registry);
    onTestFinished(() => world.close());
    fail();
    const catalogue = world.startCatalogue();
    await until(() => catalogue.current.stale);
    const message = 'the registry is out of reach: the registry is unplugged';
    await expect(say(catalogue.current, 'list services')).rejects.toMatchObject({ code: 'failed', message });
    expect(await completeLine(catalogue.current, 'get service ')).toEqual([]);
    heal();
    await until(() => !catalogue.current.stale);
    expect(await say(catalogue.current, 'list services')).toBe('');
  });

  test('lists wait for a registry that is slow', async () => {
    const { registry } = fragile();
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const world = newWorld({
      ...registry,
      async listServices() {
        await held;
        return registry.listServices();
      },
    });
    onTestFinished(() => world.close());
    await world.serve('greeter', [greeter]);
    const catalogue = world.startCatalogue();
    const listed = say(catalogue.current, 'list services');
    const abandoned = say(catalogue.current, 'list services', { signal: AbortSignal.abort() });
    expect(await abandoned).toBe('');
    answer();
    expect(await listed).toBe('greeter');
  });
});
