import { expect, test } from 'vitest';
import type { DnsSelectorOptions } from '../../../src/runtime/selector/dns.ts';
import { dnsSelector } from '../../../src/runtime/selector/dns.ts';
import type { Next } from '../../../src/runtime/selector/selector.ts';
import { staticSelector } from '../../../src/runtime/selector/static.ts';
import type { DnsRecord, NameServer } from '../../support/dns.ts';
import { nameServer } from '../../support/dns.ts';
import { unique } from '../../support/name.ts';
import { failure, hello, newWorld } from '../world.ts';

const srv = (port: number, more: Partial<DnsRecord & { type: 'SRV' }> = {}): DnsRecord => ({
  type: 'SRV',
  name: '_greeter._tcp.local',
  priority: 0,
  weight: 1,
  port,
  target: 'one.local',
  ...more,
});
const host = (name: string, address = '127.0.0.1'): DnsRecord => ({ type: 'A', name, address });

const selector = (server: NameServer, options: DnsSelectorOptions = {}) =>
  dnsSelector({ servers: [server.address], timeoutMs: 20_000, ...options });

const first = async (next: Next | Promise<Next>): Promise<string> => (await next)().address;

async function seen(dns: ReturnType<typeof selector>, service: string, calls = 200): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let call = 0; call < calls; call += 1) {
    const address = await first(dns.select(service));
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return counts;
}

test('a service is found by its SRV record and called', async () => {
  const world = newWorld();
  const { address } = await world.serve({ Hello: hello });
  const server = await nameServer([srv(Number(address.split(':')[1])), host('one.local')]);
  const client = world.client({ selector: selector(server) });
  const greet = { service: 'greeter', endpoint: 'Greeter.Hello', body: { name: 'John' } };
  for (let call = 0; call < 5; call += 1) expect(await client.call(greet)).toEqual({ msg: 'Hello John' });
  expect(server.asked.filter((question) => question.startsWith('SRV'))).toEqual(['SRV _greeter._tcp.local']);
});

test('the lowest priority comes first, and weights share among its nodes', async () => {
  const server = await nameServer([
    srv(1, { priority: 10, weight: 90 }),
    srv(2, { priority: 10, weight: 10 }),
    srv(3, { priority: 20, weight: 1000 }),
    host('one.local'),
  ]);
  const dns = selector(server, { avoidMs: 60_000 });
  const counts = await seen(dns, 'greeter', 1000);
  expect(counts.get('127.0.0.1:3')).toBeUndefined();
  expect(counts.get('127.0.0.1:1')).toBeGreaterThan(800);
  expect(counts.get('127.0.0.1:2')).toBeGreaterThan(20);
  for (const port of [1, 2]) {
    dns.mark('greeter', { id: '', address: `127.0.0.1:${port}`, metadata: {} }, new Error('refused'));
  }
  expect([...(await seen(dns, 'greeter')).keys()]).toEqual(['127.0.0.1:3']);
});

test('a weight of nothing is still a chance', async () => {
  const server = await nameServer([srv(1, { weight: 0 }), srv(2, { weight: 0 }), host('one.local')]);
  expect((await seen(selector(server), 'greeter')).size).toBe(2);
});

test('the domain is the one that was given, and a host may have many addresses', async () => {
  const server = await nameServer([
    srv(7, { name: '_greeter._tcp.example.org', target: 'many.example.org' }),
    host('many.example.org', '127.0.0.1'),
    host('many.example.org', '127.0.0.2'),
  ]);
  const found = await seen(selector(server, { domain: 'example.org' }), 'greeter');
  expect([...found.keys()].toSorted()).toEqual(['127.0.0.1:7', '127.0.0.2:7']);
});

test('a service named host:port is looked up as a host', async () => {
  const server = await nameServer([host('db.local', '127.0.0.9')]);
  expect(await first(selector(server).select('db.local:99'))).toBe('127.0.0.9:99');
  expect(await first(selector(server).select('127.0.0.3:7'))).toBe('127.0.0.3:7');
  expect(await first(selector(server).select('[::1]:7'))).toBe('[::1]:7');
  expect(await first(dnsSelector().select('localhost:5'))).toMatch(/^(127\.0\.0\.1|\[::1\]):5$/);
});

test.each<[string, readonly DnsRecord[]]>([
  ['no name', []],
  ['a lone dot', [srv(1, { target: '.' })]],
  ['a host without address', [srv(1)]],
])('%s is a service that is not found', async (_what, zone) => {
  const server = await nameServer(zone);
  await expect(selector(server).select('greeter')).rejects.toMatchObject({ code: 'not_found' });
});

test('what cannot be a name is not found either', async () => {
  const server = await nameServer([]);
  for (const name of ['x'.repeat(300), 'a..b', 'line\nbreak']) {
    expect(await failure(Promise.resolve(selector(server).select(name)))).toMatchObject({
      code: expect.stringMatching(/^(not_found|unavailable)$/),
    });
  }
});

test('a name server that refuses or says nothing is another error, and a call tells which name', async () => {
  const server = await nameServer([srv(1), host('one.local')]);
  for (const mood of ['refuses', 'is silent'] as const) {
    server.mood = mood;
    const world = newWorld();
    const error = await failure(
      world
        .client({ selector: selector(server, { timeoutMs: 200 }) })
        .call({ service: 'greeter', endpoint: 'A.B' }, { retries: 0 }),
    );
    expect(error).toMatchObject({
      code: 500,
      detail: expect.stringContaining(
        'error selecting greeter node: the name server was asked for _greeter._tcp.local',
      ),
    });
  }
});

test('known nodes serve on while the name server is away', async () => {
  const server = await nameServer([srv(1), host('one.local')]);
  const dns = selector(server, { ttlMs: 0 });
  expect(await first(dns.select('greeter'))).toBe('127.0.0.1:1');
  server.mood = 'refuses';
  expect(await first(dns.select('greeter'))).toBe('127.0.0.1:1');
});

test('an answer is asked for again after its time, once for all who wait', async () => {
  const server = await nameServer([srv(1), host('one.local')]);
  const dns = selector(server, { ttlMs: 0 });
  await first(dns.select('greeter'));
  server.zone = [srv(2), host('one.local')];
  const found = await Promise.all(Array.from({ length: 20 }, () => first(dns.select('greeter'))));
  expect(new Set(found)).toEqual(new Set(['127.0.0.1:2']));
  expect(server.asked.filter((question) => question.startsWith('SRV'))).toHaveLength(2);
});

test('countless unknown names are not kept', async () => {
  const server = await nameServer([srv(1), host('one.local')]);
  const dns = selector(server, { ttlMs: 60_000 });
  const names = Array.from({ length: 1100 }, () => unique('nobody'));
  for (const name of names) await failure(Promise.resolve(dns.select(name)));
  const before = server.asked.length;
  await failure(Promise.resolve(dns.select(names[0] ?? '')));
  expect(server.asked.length).toBe(before + 1);
});

test('with the static selector the name is the address', async () => {
  const world = newWorld();
  const { address } = await world.serve({ Hello: hello });
  const client = world.client({ selector: staticSelector() });
  const request = { endpoint: 'Greeter.Hello', body: { name: 'John' } };
  expect(await client.call({ service: address, ...request })).toEqual({ msg: 'Hello John' });
  expect(await failure(client.call({ service: 'greeter', ...request }))).toMatchObject({ code: 500 });
});
