import { hostname } from 'node:os';
import { inflateSync } from 'node:zlib';
import { decode, type Packet, type TxtAnswer } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { mdnsRegistry } from '../../../src/discovery/mdns/mdns.ts';
import type { Registry, ServiceRecord } from '../../../src/discovery/registry.ts';
import { node, service } from '../../contract/registry.ts';
import { until } from '../../support/until.ts';
import { type Heard, isAbout, openPeer, type Peer, shortDomain, vector } from './peer.ts';

const open: Registry[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((registry) => registry.close()));
});

const greeter: ServiceRecord = {
  ...service('greeter', '1.0.0', node('greeter-abc', 8080, { broker: 'http', protocol: 'mucp' })),
};

async function serving(domain: string, ...records: readonly ServiceRecord[]): Promise<Registry> {
  const registry = mdnsRegistry({ interface: '127.0.0.1', domain });
  open.push(registry);
  for (const record of records) await registry.register(record);
  return registry;
}

const types = (answers: readonly { readonly type: string; readonly name: string }[] = []): readonly string[] =>
  answers.map(({ type, name }) => `${type} ${name}`);

const question = (name: string, type: 'PTR' | 'SRV' | 'A' = 'PTR'): Packet => ({
  type: 'query',
  id: 7,
  questions: [{ name, type, class: 'IN' }],
});

/** The text of the one TXT record, as Go would read it. */
function jsonIn({ packet }: Heard): unknown {
  const text = packet.answers?.find((answer): answer is TxtAnswer => answer.type === 'TXT');
  const pieces = [text?.data ?? []].flat().map((piece) => piece.toString('latin1'));
  expect(pieces.every((piece) => piece.length <= 255)).toBe(true);
  return JSON.parse(inflateSync(Buffer.from(pieces.join(''), 'hex')).toString());
}

/** Asks, and waits for the answer to a last question: answers come in order, so everything before it has come. */
async function replies(
  asker: Peer,
  domain: string,
  ...questions: Parameters<Peer['send']>[0][]
): Promise<readonly Heard[]> {
  for (const message of questions) await asker.send(message);
  await asker.send(question(`last.${domain}`));
  await until(() => asker.heard.some(({ packet }) => packet.questions?.[0]?.name === `last.${domain}`));
  return asker.heard.filter(({ packet }) => packet.questions?.[0]?.name !== `last.${domain}`);
}
const last = service('last', '1', node('last', 1));

describe('the mDNS responder', () => {
  it("answers Go's lookup as go-micro 2.9 does", async () => {
    const domain = shortDomain();
    await serving(domain, greeter, last);
    await using asker = await openPeer(0);
    const [answer, ...more] = await replies(asker, domain, vector('query', domain));
    expect(more).toEqual([]);
    const theirs = decode(Buffer.from(vector('go2Response', domain)));
    const host = hostname();
    expect(answer?.packet).toMatchObject({ id: 0, type: 'response', flags: theirs.flags, questions: theirs.questions });
    expect(types(answer?.packet.answers)).toEqual(
      types(theirs.answers).map((line) => line.replace(/ vm$/, ` ${host}`)),
    );
    expect(answer?.packet.answers?.slice(0, 3)).toMatchObject([
      { ttl: 120, class: 'IN', flush: false, data: `greeter-abc.greeter.${domain}` },
      { ttl: 120, class: 'IN', flush: false, data: { priority: 10, weight: 1, port: 8080, target: host } },
      { ttl: 120, class: 'IN', flush: false, data: '127.0.0.1' },
    ]);
    expect(answer && jsonIn(answer)).toEqual({
      Service: 'greeter',
      Version: '1.0.0',
      Endpoints: [
        {
          name: 'Say.Hello',
          request: { name: 'Request', type: 'Request', values: [{ name: 'name', type: 'string', values: null }] },
          response: null,
          metadata: { stream: 'true' },
        },
      ],
      Metadata: { broker: 'http', protocol: 'mucp' },
    });
  });

  it("answers Go's list query", async () => {
    const domain = shortDomain();
    await serving(domain, greeter, { ...greeter, version: '2', nodes: [node('greeter-def', 8081)] });
    await using asker = await openPeer(0);
    await asker.send(vector('listQuery', domain));
    await until(() => asker.heard.length > 0);
    const theirs = decode(vector('go2ListResponse', domain));
    const ours = asker.heard[0]?.packet;
    expect(ours).toMatchObject({ id: 0, flags: theirs.flags, questions: theirs.questions });
    expect(types(ours?.answers)).toEqual(types(theirs.answers).map((line) => line.replace(/ vm$/, ` ${hostname()}`)));
    expect(ours?.answers).toMatchObject([{}, { data: { port: 9999 } }, { data: '0.0.0.0' }, { data: [] }]);
  });

  it('sends one message a node', async () => {
    const domain = shortDomain();
    const two = service('greeter', '1', node('one', 1), node('two', 2));
    await serving(domain, two, service('greeter', '2', node('three', 3)), last);
    await using asker = await openPeer(0);
    const answers = await replies(asker, domain, vector('query', domain));
    expect(answers.map(({ packet }) => types(packet.answers)[1])).toEqual(
      ['one', 'two', 'three'].map((id) => `SRV ${id}.greeter.${domain}`),
    );
  });

  it('does not answer an answer, nor a probe, nor what is not asked in this domain', async () => {
    const domain = shortDomain();
    await serving(domain, greeter, last);
    await using asker = await openPeer(0);
    const foreign = vector('query', shortDomain());
    expect(await replies(asker, domain, vector('go2Response', domain), vector('probe', domain), foreign)).toEqual([]);
  });

  it('answers who asks from port 5353 through the group, without a question', async () => {
    const domain = shortDomain();
    await serving(domain, greeter, last);
    await using member = await openPeer(5353);
    await member.send(vector('query', domain));
    await member.send(question(`last.${domain}`));
    const said = (): readonly Heard[] =>
      member.heard.filter((heard) => isAbout(heard, domain) && heard.packet.type === 'response');
    await until(() => said().some(({ packet }) => types(packet.answers)[0] === `PTR last.${domain}`));
    expect(said().some(({ packet }) => types(packet.answers)[0] === `PTR greeter.${domain}`)).toBe(true);
    expect(said().filter(({ packet }) => (packet.questions?.length ?? 0) > 0)).toEqual([]);
  });

  it('answers for the node and the kinds of services, and gives the id back to who wants it', async () => {
    const domain = shortDomain();
    await serving(domain, greeter, last);
    await using asker = await openPeer(0);
    const instance = `greeter-abc.greeter.${domain}`;
    const unicast = Buffer.from(vector('query', domain));
    unicast.writeUInt16BE(0x8001, unicast.length - 2);
    const answers = await replies(
      asker,
      domain,
      question(instance.toUpperCase(), 'SRV'),
      question(`_services._dns-sd._udp.${domain}`),
      unicast,
    );
    expect(answers.map(({ packet }) => types(packet.answers).join(', '))).toEqual([
      `SRV ${instance}, A ${hostname()}, TXT ${instance}`,
      `PTR _services._dns-sd._udp.${domain}`,
      `PTR _services._dns-sd._udp.${domain}`,
      `PTR greeter.${domain}, SRV ${instance}, A ${hostname()}, TXT ${instance}`,
    ]);
    expect(answers.at(-1)?.packet.id).toBe(0x2866);
  });

  it('knows its host', async () => {
    const domain = shortDomain();
    const ip = `127.${domain.charCodeAt(0)}.${domain.charCodeAt(1)}.${domain.charCodeAt(2)}`;
    await serving(domain, { ...greeter, nodes: [{ id: 'one', address: `${ip}:1`, metadata: {} }] });
    await using asker = await openPeer(0);
    await asker.send(question(hostname(), 'A'));
    // The host is the same for everybody who serves here: others answer too.
    const addresses = (): readonly unknown[] => asker.heard.flatMap(({ packet }) => packet.answers ?? []);
    await until(() => addresses().some((answer) => JSON.stringify(answer).includes(ip)));
    expect(types(asker.heard[0]?.packet.answers)).toEqual([`A ${hostname()}`]);
  });

  it('announces a node three times, however often it is registered, and says goodbye once', async () => {
    const domain = shortDomain();
    await using member = await openPeer(5353);
    const registry = await serving(domain, greeter, greeter, last);
    const about = (id: string): readonly Heard[] =>
      member.heard.filter(({ packet }) => types(packet.answers)[0] === `SRV ${id}.${domain}`);
    await until(() => about('last.last').length === 3);
    await registry.register(greeter);
    await registry.deregister(greeter);
    await registry.close();
    await until(() => about('last.last').length === 4);
    const [first, , , goodbye, ...more] = about('greeter-abc.greeter');
    expect(more).toEqual([]);
    expect(first?.packet).toMatchObject({ id: 0, type: 'response', flags: 0, questions: [] });
    expect(first?.packet.answers).toMatchObject([{ ttl: 120 }, { ttl: 120 }, { ttl: 120 }]);
    expect(goodbye?.packet.answers).toMatchObject([{ ttl: 0 }, { ttl: 0 }, { ttl: 0 }]);
    expect(goodbye && jsonIn(goodbye)).toEqual(first && jsonIn(first));
  });

  it('announces a node that changed again', async () => {
    const domain = shortDomain();
    await using member = await openPeer(5353);
    const registry = await serving(domain, greeter);
    await registry.register({ ...greeter, nodes: [node('greeter-abc', 8081)] });
    const ports = (): readonly unknown[] =>
      member.heard
        .flatMap(({ packet }) => packet.answers ?? [])
        .filter((answer) => answer.type === 'SRV')
        .filter(({ name }) => name.endsWith(domain))
        .map(({ data }) => data.port);
    await until(() => ports().includes(8081));
    expect(ports()[0]).toBe(8080);
  });
});
