import { createHash } from 'node:crypto';
import { conversations, fuzzBytes, greetingOf } from './bytes.ts';
import type { CallsReport } from './calls.ts';
import { composedAnswer } from './compose.ts';
import { frames } from './frames.ts';
import { fuzzGrpc } from './grpc-messages.ts';
import { framedConversations } from './http2-conversations.ts';
import { fuzzRequests } from './http-requests.ts';
import { type LiarOptions, startLiar } from './liar.ts';
import { fuzzPackets } from './mdns-packets.ts';
import { seeded } from './random.ts';
import { record } from './record.ts';
import { readSamples } from './samples.ts';
import type { Victim } from './start.ts';
import type { Tally } from './tally.ts';
import { type WireName, wires } from './wires.ts';

export interface Aim {
  readonly victim: Victim;
  readonly domain: string;
  readonly seed: number;
  readonly count: number;
  readonly tally: Tally;
}

/** One reader of bytes from outside. */
export interface Target {
  readonly name: string;
  /** Of all frames. */
  readonly share: number;
  run(aim: Aim): Promise<void>;
}

export const targets: readonly Target[] = [
  {
    name: 'http requests',
    share: 0.21,
    run: ({ victim, count, seed, tally }) => fuzzRequests(victim.addresses['http'] ?? '', count, seed, tally),
  },
  { name: 'http answers', share: 0.18, run: (aim) => httpAnswers('http', aim) },
  { name: 'http answers on a shared connection', share: 0.1, run: (aim) => httpAnswers('shared http', aim) },
  { name: 'mDNS packets', share: 0.1, run: packets },
  {
    name: 'gRPC messages',
    share: 0.1,
    run: ({ victim, count, seed, tally }) => fuzzGrpc(victim.addresses['gRPC'] ?? '', count, seed, tally),
  },
  { name: 'gRPC bytes', share: 0.03, run: (aim) => bytes('gRPC', aim) },
  { name: 'gRPC frames', share: 0.06, run: (aim) => framed('gRPC', aim) },
  { name: 'grpc transport bytes', share: 0.02, run: (aim) => bytes('grpc transport', aim) },
  { name: 'grpc transport frames', share: 0.04, run: (aim) => framed('grpc transport', aim) },
  { name: 'websocket bytes', share: 0.05, run: (aim) => bytes('websocket', aim) },
  { name: 'gRPC answers', share: 0.01, run: (aim) => answers('gRPC', aim) },
  { name: 'gRPC frames as answers', share: 0.01, run: (aim) => framedAnswers('gRPC', aim) },
  { name: 'grpc transport answers', share: 0.01, run: (aim) => answers('grpc transport', aim) },
  { name: 'grpc transport frames as answers', share: 0.01, run: (aim) => framedAnswers('grpc transport', aim) },
  { name: 'websocket answers', share: 0.02, run: (aim) => answers('websocket', aim) },
  {
    name: 'broker posts',
    share: 0.05,
    run: ({ victim, count, seed, tally }) => {
      const { posts } = readSamples(victim.addresses['subscription']);
      const sent = conversations(count, posts, () => 0, seeded(seed));
      return fuzzBytes(victim.addresses['broker'] ?? '', sent, seed, tally);
    },
  },
];

const httpAnswers = (wire: WireName, aim: Aim): Promise<void> =>
  lieTo(wire, aim, { lies: frames(4 * aim.count, readSamples().answers, composedAnswer, aim.seed), seed: aim.seed });

async function answers(wire: WireName, aim: Aim): Promise<void> {
  const { victim, count, seed } = aim;
  const recorded = await record(victim.addresses[wire] ?? '', wires[wire]);
  const said = recorded.answers.map((answer) => answer.subarray(greetingOf(answer)));
  const lies = conversations(4 * count, said, () => 0, seeded(seed));
  await lieTo(wire, aim, { lies, seed, ...(wire === 'websocket' ? { greet: acceptUpgrade } : http2Manners) });
}

async function framedAnswers(wire: WireName, aim: Aim): Promise<void> {
  const { victim, count, seed } = aim;
  const recorded = await record(victim.addresses[wire] ?? '', wires[wire]);
  const lies = framedConversations(4 * count, recorded.answers, seeded(seed));
  await lieTo(wire, aim, { lies, seed, ...http2Manners });
}

async function lieTo(wire: WireName, { victim, count, tally }: Aim, options: LiarOptions): Promise<void> {
  const liar = await startLiar(options);
  const report = await victim.ask<CallsReport>({ kind: 'calls', address: liar.address, count, wire });
  liar.close();
  for (const [outcome, times] of Object.entries(report.counts)) tally.add(outcome, times);
  for (const sentence of report.faults) tally.fault(`${wire}: ${sentence}`);
}

async function bytes(wire: WireName, { victim, count, seed, tally }: Aim): Promise<void> {
  const address = victim.addresses[wire] ?? '';
  const { requests } = await record(address, wires[wire]);
  await fuzzBytes(address, conversations(count, requests, greetingOf, seeded(seed)), seed, tally);
}

async function framed(wire: WireName, { victim, count, seed, tally }: Aim): Promise<void> {
  const address = victim.addresses[wire] ?? '';
  const { requests } = await record(address, wires[wire]);
  await fuzzBytes(address, framedConversations(count, requests, seeded(seed)), seed, tally);
}

async function packets({ victim, count, domain, seed, tally }: Aim): Promise<void> {
  await fuzzPackets(count, domain, seed, () => victim.ask({ kind: 'ping' }));
  tally.add('packets survived', count);
  const nodes = await victim.ask<readonly string[]>({ kind: 'lookup' });
  if (!nodes.includes('steady')) tally.fault(`the registry forgot its node: it has ${nodes.join(', ')}`);
}

/** What an HTTP/2 client waits for before it asks anything: settings, that there is one stream at a time, so that each call hears a lie of its own. */
const oneStream = (): Buffer => Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 1]);

/** All calls that wait for a connection fail with it: few may. */
const http2Manners = { greet: oneStream, ungreeted: 0.02, minRequestBytes: 40 };

/** What a WebSocket client wants to hear: only then it listens. */
function acceptUpgrade(words: Buffer): Buffer | undefined {
  const key = /^sec-websocket-key: *(\S+)/im.exec(words.toString('latin1'))?.[1];
  const offered = /^sec-websocket-protocol: *(\S+)/im.exec(words.toString('latin1'))?.[1];
  if (key === undefined) return undefined;
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const protocol = offered === undefined ? '' : `Sec-WebSocket-Protocol: ${offered}\r\n`;
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${protocol}\r\n`,
  );
}
