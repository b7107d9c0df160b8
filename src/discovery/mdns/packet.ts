import type { FullPacket } from 'multicast-dns';

export type Answer = NonNullable<FullPacket['answers']>[number];
export type Question = NonNullable<FullPacket['questions']>[number];

/** A message as it was read. */
export interface Packet {
  readonly id: number;
  readonly questions: readonly Question[];
  readonly answers: readonly Answer[];
  readonly additionals: readonly Answer[];
}

/** A message to be sent. */
export interface Outgoing {
  readonly type: 'query' | 'response';
  readonly id?: number;
  readonly flags?: number;
  readonly questions?: readonly Question[];
  readonly answers?: readonly Answer[];
}

/** Where a packet came from, or goes to. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

export const groupAddress = '224.0.0.251';
export const groupPort = 5353;
export const group: Peer = { address: groupAddress, port: groupPort };

const authoritative = 1 << 10;

export const query = (name: string): Outgoing => ({
  type: 'query',
  id: Math.floor(Math.random() * 0x1_0000),
  questions: [{ name, type: 'PTR', class: 'IN' }],
});

/** To one asker: go-micro since 2.8 reads an answer only when the question stands in it. */
export const reply = (question: Question, id: number, answers: readonly Answer[]): Outgoing => ({
  type: 'response',
  id,
  flags: authoritative,
  questions: [{ name: question.name, type: question.type, class: 'IN' }],
  answers,
});

/** To everybody: an answer to somebody who asks from port 5353. With a question in it, it would be taken for one and answered for ever. */
export const shared = (answers: readonly Answer[]): Outgoing => ({ type: 'response', flags: authoritative, answers });

/** To everybody: a node comes, changes or goes. */
export const announcement = (answers: readonly Answer[]): Outgoing => ({ type: 'response', answers });
