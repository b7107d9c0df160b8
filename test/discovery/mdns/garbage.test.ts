import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { decode, encode } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { mdnsRegistry } from '../../../src/discovery/mdns/mdns.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { type Line, logLines } from '../../support/lines.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import { isAbout, openPeer, shortDomain, vector } from './peer.ts';

const open: Registry[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((registry) => registry.close()));
});

function joined(domain: string): { readonly registry: Registry; readonly warnings: () => readonly Line[] } {
  const { log, lines } = logLines();
  const registry = mdnsRegistry({ interface: '127.0.0.1', domain, log });
  open.push(registry);
  return { registry, warnings: () => lines.filter(({ level }) => level === 'warn') };
}

/** An announcement of a node whose text is this. */
const announcing = (domain: string, id: string, hex: string): Uint8Array => {
  const name = `${id}.greeter.${domain}`;
  const text = hex.match(/.{1,255}/gs) ?? [];
  return encode({
    type: 'response',
    answers: [
      { type: 'SRV', name, ttl: 120, data: { port: 8080, target: 'vm' } },
      { type: 'A', name: 'vm', ttl: 120, data: '127.0.0.1' },
      { type: 'TXT', name, ttl: 120, data: text },
    ],
  });
};

const packed = (json: unknown): string =>
  deflateSync(typeof json === 'string' ? json : JSON.stringify(json)).toString('hex');

const garbage: Readonly<Record<string, string>> = {
  'no hex': 'hello',
  'half a byte of hex': '789',
  'nothing compressed': Buffer.from('hello').toString('hex'),
  'no JSON': packed('{"Service":'),
  'a JSON list': packed([1]),
  'no name': packed({ Version: '1' }),
  "another service's name": packed({ Service: 'other', Version: '1' }),
  'numbers where text belongs': packed({ Service: 'greeter', Version: 1 }),
  'a metadata list': packed({ Service: 'greeter', Version: '1', Metadata: ['a'] }),
  'an endpoint without a name': packed({ Service: 'greeter', Version: '1', Endpoints: [{}] }),
  'twenty megabytes of blanks before a record': packed(`${' '.repeat(20 << 20)}{"Service":"greeter","Version":"1"}`),
};

describe('what is no record', () => {
  it('is skipped and logged once for each node, however often it is sent', async () => {
    const domain = shortDomain();
    const { registry, warnings } = joined(domain);
    await using peer = await openPeer(0);
    const watch = await observe(registry);
    const kinds = Object.values(garbage);
    for (let round = 0; round < 3; round += 1) {
      for (const [kind, hex] of kinds.entries()) await peer.send(announcing(domain, `bad${kind}`, hex));
    }
    await peer.send(announcing(domain, 'good', packed({ Service: 'greeter', Version: '1' })));
    await peer.send(announcing(domain, 'last', packed({ Service: 'greeter', Version: 2 })));
    await until(() => watch.seen('create', 'good') && warnings().length > kinds.length);
    expect(watch.events).toHaveLength(1);
    expect(new Set(warnings().map(({ fields }) => fields['instance']))).toEqual(
      new Set(['last', ...kinds.map((_, kind) => `bad${kind}`)].map((id) => `${id}.greeter.${domain}`)),
    );
    expect(warnings()).toHaveLength(kinds.length + 1);
    await watch.stop();
  });

  it('does not hide the good nodes beside it', async () => {
    const domain = shortDomain();
    const { registry } = joined(domain);
    await using _ = await openPeer(5353, ({ packet, from }, peer) => {
      if (packet.type !== 'query' || packet.questions?.[0]?.name !== `greeter.${domain}`) return;
      void peer.send(announcing(domain, 'bad', 'zz'), from.port);
      void peer.send(
        announcing(domain, 'good', packed({ service: 'greeter', VERSION: '1', Metadata: null })),
        from.port,
      );
    });
    const records = await registry.getService('greeter');
    expect(records.map(({ version, nodes }) => [version, nodes.map(({ id }) => id)])).toEqual([['1', ['good']]]);
  });

  it('is no record in an unusual spelling, which is told once, as is a usual one in the same packet', async () => {
    const domain = shortDomain();
    const { registry, warnings } = joined(domain);
    await using peer = await openPeer(0);
    const watch = await observe(registry);
    const both = [
      announcing(domain, 'odd', packed({ service: 'greeter', VERSION: '1', endpoints: [{ NAME: 'Say.Hi' }] })),
      announcing(domain, 'usual', packed({ Service: 'greeter', Version: '1' })),
    ];
    const answers = both.flatMap((bytes) => decode(Buffer.from(bytes)).answers ?? []);
    await peer.send(encode({ type: 'response', answers }));
    await until(() => watch.seen('create', 'odd') && watch.seen('create', 'usual'));
    await peer.send(announcing(domain, 'last', packed({ Service: 'greeter', Version: '1' })));
    await until(() => watch.seen('create', 'last'));
    expect(watch.events).toHaveLength(3);
    expect(warnings()).toEqual([]);
    await watch.stop();
  });

  it('is limited in depth', async () => {
    const domain = shortDomain();
    const { registry } = joined(domain);
    await using peer = await openPeer(0);
    const watch = await observe(registry);
    const deep = `${'{"name":"a","type":"b","values":['.repeat(10_000)}${']}'.repeat(10_000)}`;
    const json = `{"Service":"greeter","Version":"1","Endpoints":[{"name":"Say.Hello","request":${deep}}]}`;
    await peer.send(announcing(domain, 'deep', packed(json)));
    await until(() => watch.seen('create', 'deep'));
    expect(JSON.stringify(watch.events[0]).length).toBeLessThan(2000);
    await watch.stop();
  });

  it('harms nobody when it is any bytes at all', async () => {
    const domain = shortDomain();
    const { registry, warnings } = joined(domain);
    await registry.register(service('greeter', '1', node('steady', 1)));
    const watch = await observe(registry);
    let askedFrom = 0;
    await using peer = await openPeer(5353, (heard) => {
      if (heard.packet.type === 'query' && isAbout(heard, domain)) askedFrom = heard.from.port;
    });
    await registry.getService('greeter');
    await until(() => askedFrom > 0);
    const messages = ['query', 'go2Response', 'go1ListResponse', 'announcement', 'goodbye', 'probe'];
    const mutated = fc
      .tuple(fc.constantFrom(...messages), fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 8 }))
      .map(([name, changes]) => {
        const bytes = vector(name, domain);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        return bytes;
      });
    const cut = fc
      .tuple(fc.constantFrom(...messages), fc.nat(500))
      .map(([name, length]) => vector(name, domain).subarray(0, length));
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated, cut);
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), (message, toAsker) => peer.send(message, toAsker ? askedFrom : undefined)),
      { numRuns: 500 },
    );
    await registry.register(service('greeter', '1', node('after', 2)));
    await until(() => watch.seen('create', 'after'));
    expect((await registry.getService('greeter')).flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual(
      expect.arrayContaining(['after', 'steady']),
    );
    const instances = warnings().map(({ fields }) => fields['instance']);
    expect(new Set(instances).size).toBe(instances.length);
    await watch.stop();
  });
});

describe('what mDNS cannot carry', () => {
  const cases: readonly (readonly [string, Parameters<Registry['register']>[0], string])[] = [
    [
      'a label of 64 bytes',
      service('greeter', '1', node('x'.repeat(64), 1)),
      '64 bytes between two dots, where 63 are allowed',
    ],
    [
      'a name of more than 253 bytes',
      service(`${'abcdefg.'.repeat(32)}x`, '1', node('one', 1)),
      'bytes long, where 253 are allowed',
    ],
    ['two dots together', service('greeter..x', '1', node('one', 1)), 'two dots with nothing between them'],
    ['a control character', service('greeter', '1', node('a\u0007b', 1)), 'control characters'],
    [
      'a host name',
      service('greeter', '1', { id: 'one', address: 'localhost:80', metadata: {} }),
      'needs a literal IP address',
    ],
    [
      'an address without a port',
      service('greeter', '1', { id: 'one', address: '127.0.0.1', metadata: {} }),
      'needs a literal IP address and a port',
    ],
    ['port 0', service('greeter', '1', node('one', 0)), 'is not between 1 and 65535'],
    [
      'a record larger than a packet',
      service(
        'greeter',
        '1',
        node('one', 1, { x: Array.from({ length: 20_000 }, (_, i) => Math.sin(i).toString(36)).join('') }),
      ),
      'one packet carries 65,507',
    ],
  ];
  it.each(cases)('is refused with a sentence: %s', async (_, record, sentence) => {
    const domain = shortDomain();
    const { registry } = joined(domain);
    const good = service('greeter', '1', node('good', 1));
    await expect(registry.register({ ...record, nodes: [...good.nodes, ...record.nodes] })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(sentence),
    });
    expect(await registry.getService('greeter')).toEqual([]);
  });

  it('is an interface that is not there', async () => {
    const registry = mdnsRegistry({ interface: '198.51.100.77', domain: shortDomain() });
    const unavailable = { code: 'unavailable', message: expect.stringContaining('198.51.100.77') };
    await expect(registry.getService('greeter')).rejects.toMatchObject(unavailable);
    await expect(registry.register(service('greeter', '1', node('one', 1)))).rejects.toMatchObject(unavailable);
    await expect(registry.watch({ signal: new AbortController().signal })).rejects.toMatchObject(unavailable);
    await registry.close();
  });
});
