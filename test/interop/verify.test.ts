import { expect, it, onTestFinished } from 'vitest';
import { runVerify } from '../cli/verify-world.ts';
import { newWorld } from '../commands/world.ts';
import { releases, serveGo } from '../support/go.ts';
import { unique } from '../support/name.ts';
import { withGoPrograms } from '../support/namespace.ts';
import { parseRecord } from '../../src/discovery/record.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';

withGoPrograms('micro verify', () => {
  it.each(releases)('runs the examples of commands that %s serves', async (release) => {
    const name = unique('operations');
    const service = await serveGo(release, 'operations', name, { registry: 'memory' });
    const world = newWorld(memoryRegistry(), httpTransport());
    onTestFinished(() => world.close());
    const [record] = service.records.filter((each) => each.name === name).map(parseRecord);
    if (record === undefined) throw new Error(`${name} is not in its registry`);
    await world.registry.register(record);
    expect((await runVerify(world, name)).rows).toEqual([
      [name, 'count', '', 'no example'],
      [name, 'greet', '', 'no example'],
    ]);

    // As its author could have said it.
    const more: Readonly<Record<string, object>> = {
      'Say.Hello': { example: 'greet John', effect: 'read' },
      'Count.Up': { example: 'count nosuch=' },
    };
    const endpoints = record.endpoints.map((each) => ({
      ...each,
      metadata: { ...each.metadata, ...more[each.name] },
    }));
    await world.registry.register({ ...record, endpoints });
    expect((await runVerify(world, name)).rows).toEqual([
      [name, 'count', 'count nosuch=', expect.stringMatching(/^failed: /)],
      [name, 'greet', 'greet John', 'ok'],
    ]);
  });
});
