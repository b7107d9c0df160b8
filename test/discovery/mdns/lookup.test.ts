import { decode, encode } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { mdnsRegistry } from '../../../src/discovery/mdns/mdns.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { observe } from '../../support/observe.ts';
import { until } from '../../support/until.ts';
import { type Heard, isAbout, openPeer, type Peer, shortDomain, vector } from './peer.ts';

const open: Registry[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((registry) => registry.close()));
});

function joined(domain: string): Registry {
  const registry = mdnsRegistry({ interface: '127.0.0.1', domain });
  open.push(registry);
  return registry;
}

/** A Go program that answers, with the bytes it was seen to send, each question whose name begins as given. */
const responder = (domain: string, answers: Readonly<Record<string, readonly Uint8Array[]>>): Promise<Peer> =>
  openPeer(5353, ({ packet, from }, peer) => {
    const name = packet.questions?.[0]?.name ?? '';
    if (packet.type !== 'query' || !name.endsWith(domain)) return;
    for (const answer of answers[name.replace(`.${domain}`, '')] ?? []) void peer.send(answer, from.port);
  });

const greeter = {
  name: 'greeter',
  version: '1.0.0',
  metadata: {},
  endpoints: [
    {
      name: 'Greeter.Hello',
      request: { name: 'Req', type: 'Req', values: [{ name: 'name', type: 'string', values: [] }] },
      response: { name: 'Rsp', type: 'Rsp', values: [{ name: 'msg', type: 'string', values: [] }] },
      metadata: {},
    },
  ],
  nodes: [
    {
      id: 'greeter-abc',
      address: '127.0.0.1:8080',
      metadata: { broker: 'http', protocol: 'mucp', registry: 'mdns', server: 'mucp', transport: 'http' },
    },
  ],
};

describe('an mDNS watch', () => {
  it('finds who is there, also after another watch was called off before it began', async () => {
    const domain = shortDomain();
    await using _ = await responder(domain, {
      greeter: [vector('go2Response', domain)],
      _services: [vector('go2ListResponse', domain)],
    });
    const registry = mdnsRegistry({ interface: '127.0.0.1', domain, refreshMs: 60_000 });
    open.push(registry);
    const calledOff = new AbortController();
    const watching = registry.watch({ signal: calledOff.signal });
    calledOff.abort();
    for await (const event of await watching) expect.fail(event.action);
    const watch = await observe(registry);
    await until(() => watch.seen('create', 'greeter-abc'));
    await watch.stop();
  });
});

describe('the mDNS lookup', () => {
  for (const version of ['go1', 'go2']) {
    it(`reads what ${version} answers`, async () => {
      const domain = shortDomain();
      await using _ = await responder(domain, {
        greeter: [vector(`${version}Response`, domain), vector(`${version}Response`, domain)],
        _services: [vector(`${version}ListResponse`, domain)],
      });
      const registry = joined(domain);
      expect(await registry.getService('greeter')).toEqual([greeter]);
      expect(await registry.listServices()).toEqual([
        { name: 'greeter', version: '', metadata: {}, endpoints: [], nodes: [] },
      ]);
    });
  }

  it('asks for the nodes of what it lists at once, if somebody watches', async () => {
    const domain = shortDomain();
    await using peer = await responder(domain, {
      greeter: [vector('go2Response', domain)],
      _services: [vector('go2ListResponse', domain)],
    });
    const questions = (): readonly (string | undefined)[] =>
      peer.heard.filter((heard) => isAbout(heard, domain)).map(({ packet }) => packet.questions?.[0]?.name);
    const registry = mdnsRegistry({ interface: '127.0.0.1', domain, windowMs: 2000 });
    open.push(registry);
    await registry.listServices();
    expect(new Set(questions())).toEqual(new Set([`_services.${domain}`]));
    const before = questions().length;
    const watch = await observe(registry);
    await until(() => watch.seen('create', 'greeter-abc'));
    expect(questions().slice(before, questions().indexOf(`greeter.${domain}`))).toEqual([`_services.${domain}`]);
    await watch.stop();
  });

  it('asks once more, from a port of its own, one plain question at a time', async () => {
    const domain = shortDomain();
    await using member = await openPeer(5353);
    await joined(domain).getService('greeter');
    const asked = member.heard.filter((heard) => isAbout(heard, domain));
    expect(asked.length).toBeGreaterThanOrEqual(2);
    for (const { bytes, from } of asked) {
      expect(from.port).not.toBe(5353);
      expect(bytes.subarray(2)).toEqual(vector('query', domain).subarray(2));
    }
  });

  it('finds a node whose first question got lost, beside one that heard it', async () => {
    const domain = shortDomain();
    await joined(domain).register(service('greeter', '1', node('near', 1)));
    let questions = 0;
    await using _ = await openPeer(5353, (heard, peer) => {
      if (heard.packet.type !== 'query' || !isAbout(heard, domain)) return;
      questions += 1;
      if (questions > 1) void peer.send(vector('go2Response', domain), heard.from.port);
    });
    const records = await joined(domain).getService('greeter');
    expect(records.flatMap(({ nodes }) => nodes.map(({ id }) => id))).toEqual(['near', 'greeter-abc']);
  });

  it('ends when everybody has answered, however long it might have waited, and whoever else talks', async () => {
    const domain = shortDomain();
    let noise: NodeJS.Timeout | undefined;
    await using _ = await openPeer(5353, (heard, peer) => {
      if (heard.packet.type !== 'query' || !isAbout(heard, domain)) return;
      noise ??= setInterval(() => void peer.send(vector('go1Response', 'other'), heard.from.port), 1);
      void peer.send(vector('go2Response', domain), heard.from.port);
    });
    const registry = mdnsRegistry({ interface: '127.0.0.1', domain, windowMs: 3_600_000 });
    open.push(registry);
    // Of whom nobody has heard yet, the whole time is waited for.
    using stop = aborting();
    for await (const { service: found } of await registry.watch({ signal: stop.signal })) {
      if (found.name === 'greeter') break;
    }
    expect(await registry.getService('greeter').finally(() => clearInterval(noise))).toEqual([greeter]);
  });

  it('waits for a node that has answered before, and forgets it when it is gone', async () => {
    const domain = shortDomain();
    let isSlow = false;
    let isGone = false;
    const registry = mdnsRegistry({ interface: '127.0.0.1', domain, windowMs: 1000 });
    open.push(registry);
    await joined(domain).register(service('greeter', '1', node('near', 1)));
    await using _ = await openPeer(5353, (heard, peer) => {
      if (heard.packet.type !== 'query' || !isAbout(heard, domain) || isGone) return;
      setTimeout(() => void peer.send(vector('go2Response', domain), heard.from.port), isSlow ? 150 : 0);
    });
    const found = async (): Promise<readonly string[]> =>
      (await registry.getService('greeter')).flatMap(({ nodes }) => nodes.map(({ id }) => id));
    expect(await found()).toEqual(['near', 'greeter-abc']);
    isSlow = true;
    expect(await found()).toEqual(['near', 'greeter-abc']);
    isGone = true;
    expect(await found()).toEqual(['near']);
  });

  it('passes over nodes that say goodbye, serve something else or have no port', async () => {
    const domain = shortDomain();
    const answer = decode(vector('go2Response', domain));
    const srv = answer.answers?.find(({ type }) => type === 'SRV');
    const portless = { ...srv, data: { port: 0, target: 'vm' } } as typeof srv;
    const without = encode({
      ...answer,
      answers: (answer.answers ?? []).map((it) => (it.type === 'SRV' && portless ? portless : it)),
    });
    await using _ = await responder(domain, {
      other: [vector('go2Response', domain)],
      greeter: [vector('goodbye', domain), without],
    });
    const registry = joined(domain);
    expect(await registry.getService('other')).toEqual([]);
    expect(await registry.getService('greeter')).toEqual([]);
  });

  it('reads records wherever they stand and whichever address they have', async () => {
    const domain = shortDomain();
    const { answers = [], ...head } = decode(vector('go2Response', domain));
    const [ptr, srv, , text] = answers;
    if (ptr === undefined || srv === undefined || text === undefined)
      throw new Error('the captured answer is not what it was');
    const address = { type: 'AAAA', name: 'VM', ttl: 120, data: 'fd00::7' } as const;
    const answer = encode({ ...head, answers: [ptr], additionals: [text, address, srv] });
    await using _ = await responder(domain, { greeter: [answer] });
    const [record] = await joined(domain).getService('greeter');
    expect(record?.nodes[0]?.address).toBe('[fd00::7]:8080');
  });

  it('carries IPv6 addresses', async () => {
    const domain = shortDomain();
    const record = service('six', '1', { id: 'one', address: '[::1]:8080', metadata: {} });
    await joined(domain).register(record);
    expect(await joined(domain).getService('six')).toEqual([record]);
  });

  it('carries a record that is much longer than a network packet', async () => {
    const domain = shortDomain();
    const endpoints = Array.from({ length: 200 }, (_, index) => ({
      name: `Say.Method${index}${Buffer.from(String(Math.sin(index))).toString('hex')}`,
      request: undefined,
      response: undefined,
      metadata: {},
    }));
    const record = { ...service('long', '1', node('one', 1)), endpoints };
    await joined(domain).register(record);
    expect(await joined(domain).getService('long')).toEqual([record]);
  });
});

describe('the mDNS watch', () => {
  it("sees Go's announcements and goodbyes", async () => {
    const domain = shortDomain();
    await using member = await openPeer(5353);
    const watch = await observe(joined(domain));
    for (const message of ['announcement', 'announcement', 'announcement', 'goodbye']) {
      await member.send(vector(message, domain));
    }
    await until(() => watch.seen('delete', 'greeter-abc'));
    expect(watch.events).toEqual([
      { action: 'create', service: greeter },
      { action: 'delete', service: greeter },
    ]);
    await watch.stop();
  });

  it('tells of a node that it only learns of by asking', async () => {
    const domain = shortDomain();
    await using _ = await responder(domain, {
      greeter: [vector('go1Response', domain)],
      _services: [vector('go1ListResponse', domain)],
    });
    const watch = await observe(joined(domain));
    await until(() => watch.seen('create', 'greeter-abc'));
    await watch.stop();
  });

  it('never asks from port 5353 either', async () => {
    const domain = shortDomain();
    await using member = await openPeer(5353);
    const watch = await observe(joined(domain));
    const asked = (): readonly Heard[] =>
      member.heard.filter((heard) => isAbout(heard, domain) && heard.packet.type === 'query');
    await until(() => asked().length >= 2);
    expect(asked().filter(({ from }) => from.port === 5353)).toEqual([]);
    await watch.stop();
  });
});

function aborting(): AbortController & Disposable {
  const controller = new AbortController();
  return Object.assign(controller, { [Symbol.dispose]: () => controller.abort() });
}
