import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** `A`: an IPv4 address. `SRV`: priority, weight, port and target. */
export type DnsRecord =
  | { readonly type: 'A'; readonly name: string; readonly address: string }
  | {
      readonly type: 'SRV';
      readonly name: string;
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    };

export interface NameServer {
  /** `host:port`. */
  readonly address: string;
  /** Replaces what it knows. */
  zone: readonly DnsRecord[];
  /** Answers, refuses, or says nothing at all. */
  mood: 'answers' | 'refuses' | 'is silent';
  /** What it was asked, `SRV _x._tcp.local`. */
  readonly asked: readonly string[];
}

const typeOf = { A: 1, SRV: 33 } as const;
const nxDomain = 3;
const refused = 5;

/** A name server on the loopback interface, until the test ends. */
export async function nameServer(zone: readonly DnsRecord[]): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const asked: string[] = [];
  const server: NameServer = { address: `127.0.0.1:${socket.address().port}`, zone, mood: 'answers', asked };
  socket.on('message', (query, { port, address }) => {
    const question = readQuestion(query);
    asked.push(`${question.type === typeOf.SRV ? 'SRV' : question.type === typeOf.A ? 'A' : 'AAAA'} ${question.name}`);
    if (server.mood !== 'is silent') socket.send(answerTo(query, question, server), port, address);
  });
  return server;
}

interface Question {
  readonly name: string;
  readonly type: number;
  readonly end: number;
}

function readQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerTo(query: Buffer, { name, type, end }: Question, { zone, mood }: NameServer): Buffer {
  const named = zone.filter((record) => record.name.toLowerCase() === name);
  const answers = named.filter((record) => typeOf[record.type] === type).map(encodeRecord);
  const code = mood === 'refuses' ? refused : named.length === 0 ? nxDomain : 0;
  const head = Buffer.alloc(12);
  head.writeUInt16BE(query.readUInt16BE(0), 0);
  head.writeUInt16BE(0x8580 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(code === 0 ? answers.length : 0, 6);
  return Buffer.concat([head, query.subarray(12, end), ...(code === 0 ? answers : [])]);
}

function encodeRecord(record: DnsRecord): Buffer {
  const data = dataOf(record);
  const fixed = Buffer.alloc(12);
  // Points to the name of the question.
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(typeOf[record.type], 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(60, 6);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function dataOf(record: DnsRecord): Buffer {
  switch (record.type) {
    case 'A':
      return Buffer.from(record.address.split('.').map(Number));
    case 'SRV': {
      const numbers = Buffer.alloc(6);
      numbers.writeUInt16BE(record.priority, 0);
      numbers.writeUInt16BE(record.weight, 2);
      numbers.writeUInt16BE(record.port, 4);
      const labels = record.target === '.' ? [] : record.target.split('.');
      const name = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
      return Buffer.concat([numbers, ...name, Buffer.from([0])]);
    }
    default:
      return record satisfies never;
  }
}
