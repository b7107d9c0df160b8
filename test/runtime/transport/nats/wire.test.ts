import { connect } from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { NatsTransportOptions } from '../../../../src/runtime/transport/nats/nats.ts';
import { natsTransport } from '../../../../src/runtime/transport/nats/nats.ts';
import type { Socket } from '../../../../src/runtime/transport/transport.ts';
import { unique } from '../../../support/name.ts';
import type { Nats } from '../../../support/nats.ts';
import { missingNats, startNats } from '../../../support/nats.ts';
import { until } from '../../../support/until.ts';
import type { Collector } from '../collector.ts';
import { collector } from '../collector.ts';

const missing = missingNats();
const ours = (): string => `_INBOX.${'0'.repeat(24)}${unique('').slice(1)}.bot.1`;

describe.skipIf(missing !== undefined)(
  `the wire of the nats transport${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    let server: Nats;
    /** Somebody who knows NATS and nothing else. */
    let other: NatsConnection;

    beforeAll(async () => {
      server = await startNats();
    });
    afterAll(() => server.stop());

    beforeEach(async () => {
      other = await connect({ servers: server.url });
      onTestFinished(() => other.close());
    });

    /** What the other one received on a subject. */
    async function hearing(subject: string): Promise<readonly Msg[]> {
      const heard: Msg[] = [];
      other.subscribe(subject, { callback: (_error, message) => void heard.push(message) });
      await other.flush();
      return heard;
    }

    interface Served {
      readonly subject: string;
      readonly sockets: readonly Socket[];
      readonly seen: Collector;
    }

    async function serving(options: Partial<NatsTransportOptions> = {}): Promise<Served> {
      const sockets: Socket[] = [];
      const seen = collector();
      const transport = natsTransport({ servers: [server.url], ...options });
      const listener = await transport.listen(unique('service'), (socket) => {
        sockets.push(socket);
        return seen;
      });
      onTestFinished(async () => {
        for (const socket of sockets) socket.destroy();
        await listener.close();
      });
      return { subject: listener.address, sockets, seen };
    }

    async function dialling(
      subject: string,
      options: Partial<NatsTransportOptions> = {},
    ): Promise<[Socket, Collector]> {
      const seen = collector();
      const socket = await natsTransport({ servers: [server.url], ...options }).dial(subject, seen);
      onTestFinished(() => socket.destroy());
      return [socket, seen];
    }

    describe('our client', () => {
      test('writes the JSON of Go, with its own subject for the answers, and reads it', async () => {
        const heard = await hearing('go.service');
        const [socket, seen] = await dialling('go.service');
        socket.send({ 'micro-id': '1', 'Content-Type': 'application/json' }, '{"a":"<é>"}\n');
        const [message] = await until(() => heard.length === 1 && heard);
        expect(message?.string()).toBe(
          '{"Header":{"Content-Type":"application/json","Micro-Id":"1"},"Body":"eyJhIjoiPMOpPiJ9Cg=="}',
        );
        expect(message?.reply).toBe(socket.local);
        expect([socket.remote, socket.local]).toEqual([
          'go.service',
          expect.stringMatching(/^_INBOX\.\w{32}\.bot\.1$/),
        ]);
        message?.respond('{"Header":{"micro-ID":"1","a\\nb":"x"},"Body":"aGk="}');
        message?.respond('{"Header":null,"Body":null}');
        expect(await seen.received(2)).toEqual(['hi', '']);
        expect(seen.messages.map(({ headers }) => ({ ...headers }))).toEqual([{ 'Micro-Id': '1' }, {}]);
      });

      test('ends with an empty message, at which a Go server drops its socket', async () => {
        const heard = await hearing('go.ending');
        const [socket] = await dialling('go.ending');
        socket.send({}, 'hello');
        socket.close();
        await until(() => heard.length === 2);
        expect([heard[1]?.string(), heard[1]?.reply]).toEqual(['', socket.local]);
      });

      test('learns that nobody listens any more', async () => {
        const subscription = other.subscribe('go.leaving', {
          callback: (_error, message) => void message.respond('{"Body":"aGk="}'),
        });
        await other.flush();
        const [socket, seen] = await dialling('go.leaving');
        socket.send({}, 'hello');
        await seen.received(1);
        subscription.unsubscribe();
        await other.flush();
        socket.send({}, 'still there?');
        expect(await seen.ended()).toMatchObject({ code: 'reset', message: 'nobody listens on go.leaving any more' });
      });

      test('asks a silent server of ours whether it is there', async () => {
        const heard = await hearing('our.service');
        const [socket, seen] = await dialling('our.service', { idleMs: 50 });
        socket.send({}, 'hello');
        const [message] = await until(() => heard.length === 1 && heard);
        const subject = ours();
        const asked = await hearing(subject);
        message?.respond('{"Body":"aGk="}', { reply: subject });
        await until(() => asked.length > 0);
        asked[0]?.respond('here');
        await until(() => asked.length > 1);
        expect(seen.closings).toEqual([]);
        asked[1]?.respond('no');
        expect(await seen.ended()).toMatchObject({ code: 'timeout' });
      });

      test('leaves a silent Go server in peace', async () => {
        const heard = await hearing('go.silent');
        const [socket, seen] = await dialling('go.silent', { idleMs: 10 });
        socket.send({}, 'hello');
        const [message] = await until(() => heard.length === 1 && heard);
        // That nothing happens shows only in time: ten times the silence after which an end of ours is asked.
        await new Promise((resolve) => setTimeout(resolve, 100));
        message?.respond('{"Body":"bGF0ZQ=="}');
        expect(await seen.received(1)).toEqual(['late']);
        expect([heard.length, seen.closings]).toEqual([1, []]);
      });
    });

    describe('our server', () => {
      test('knows clients by the subject of their answers', async () => {
        const { subject, sockets, seen } = await serving();
        const [one, two] = [await hearing('_INBOX.one'), await hearing('_INBOX.two')];
        other.publish(subject, '{"Header":{"A":"1"},"Body":"b25l"}', { reply: '_INBOX.one' });
        other.publish(subject, '{"header":{"A":"2"},"body":"dHdv"}', { reply: '_INBOX.two' });
        other.publish(subject, '{"Header":{},"Body":"b25l"}', { reply: '_INBOX.one' });
        expect(await seen.received(3)).toEqual(['one', 'two', 'one']);
        expect(sockets.map(({ remote, local }) => [remote, local])).toEqual([
          ['_INBOX.one', subject],
          ['_INBOX.two', subject],
        ]);
        sockets[1]?.send({ B: 'x' }, '');
        await until(() => two.length === 1);
        expect([two[0]?.string(), one.length]).toEqual(['{"Header":{"B":"x"},"Body":""}', 0]);
      });

      test('tells a Go client nothing when it closes, and takes its next message for a new beginning', async () => {
        const { subject, sockets, seen } = await serving();
        const heard = await hearing('_INBOX.go');
        other.publish(subject, '{"Body":"b25l"}', { reply: '_INBOX.go' });
        await seen.received(1);
        sockets[0]?.close();
        other.publish(subject, '{"Body":"dHdv"}', { reply: '_INBOX.go' });
        expect(await seen.received(2)).toEqual(['one', 'two']);
        expect([sockets.length, heard.length]).toEqual([2, 0]);
      });

      test('tells a client of ours, and drops what that one sent before it knew', async () => {
        const { subject, sockets, seen } = await serving();
        const client = ours();
        const heard = await hearing(client);
        other.publish(subject, '{"Body":"b25l"}', { reply: client });
        await seen.received(1);
        sockets[0]?.close();
        await until(() => heard.length === 1);
        expect(heard[0]?.string()).toBe('');
        other.publish(subject, '{"Body":"dHdv"}', { reply: client });
        other.publish(subject, '{"Body":"bmV3"}', { reply: '_INBOX.other' });
        expect(await seen.received(2)).toEqual(['one', 'new']);
      });

      test.each([
        ['no JSON', 'hello'],
        ['no object', '[]'],
        ['headers that are none', '{"Header":{"A":1}}'],
        ['a body that is no base64', '{"Body":"*"}'],
      ])('refuses %s', async (_what, payload) => {
        const { subject, seen } = await serving();
        const client = ours();
        const heard = await hearing(client);
        other.publish(subject, payload, { reply: client });
        expect(await seen.ended()).toMatchObject({ code: 'invalid' });
        await until(() => heard.length === 1);
        expect([heard[0]?.string(), seen.messages]).toEqual(['', []]);
      });

      test('has no use for messages without a sender, or ends of what never began', async () => {
        const { subject, sockets, seen } = await serving();
        other.publish(subject, '{"Body":"b25l"}');
        other.publish(subject, '', { reply: '_INBOX.nobody' });
        other.publish(subject, '{"Body":"dHdv"}', { reply: '_INBOX.somebody' });
        expect(await seen.received(1)).toEqual(['two']);
        expect(sockets).toHaveLength(1);
      });

      test('gives up a Go client that said nothing for long', async () => {
        const { subject, seen } = await serving({ idleMs: 30 });
        other.publish(subject, '{"Body":"b25l"}', { reply: '_INBOX.gone' });
        expect(await seen.ended()).toMatchObject({ code: 'timeout' });
      });

      test('finds out that a client of ours has vanished', async () => {
        const { subject, seen } = await serving({ idleMs: 30 });
        const client = ours();
        other.publish(subject, '{"Body":"b25l"}', { reply: client });
        expect(await seen.ended()).toMatchObject({ code: 'timeout', message: 'the other side is gone' });
      });

      test('learns from NATS that nobody wants an answer any more', async () => {
        const { subject, sockets, seen } = await serving();
        other.publish(subject, '{"Body":"b25l"}', { reply: '_INBOX.hung-up' });
        await seen.received(1);
        sockets[0]?.send({}, 'answer');
        expect(await seen.ended()).toMatchObject({ code: 'reset' });
      });

      test('sends a client away that comes after the listener closed', async () => {
        const transport = natsTransport({ servers: [server.url] });
        const accepted: Socket[] = [];
        const listener = await transport.listen(':0', (socket) => {
          accepted.push(socket);
          return collector();
        });
        const [first] = await dialling(listener.address);
        first.send({}, 'hello');
        await until(() => accepted.length === 1);
        await listener.close();
        const [late, seen] = await dialling(listener.address);
        late.send({}, 'hello');
        expect(await seen.ended()).toBeUndefined();
        expect(accepted).toHaveLength(1);
        accepted[0]?.close();
      });
    });

    test('two silent ends of ours keep each other', async () => {
      const { subject, seen, sockets } = await serving({ idleMs: 20 });
      const [client, atClient] = await dialling(subject, { idleMs: 20 });
      client.send({}, 'hello');
      await seen.received(1);
      sockets[0]?.send({}, 'hello');
      await atClient.received(1);
      // That nothing happens shows only in time: fifteen times the silence after which an end is asked.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect([seen.closings, atClient.closings]).toEqual([[], []]);
      client.send({}, 'again');
      await seen.received(2);
    });

    test('a receiver that pauses for too long loses its socket, and both ends know', async () => {
      const { subject, sockets, seen } = await serving({ maxWaitingBytes: 100_000 });
      const [client, atClient] = await dialling(subject);
      client.send({}, 'hello');
      await seen.received(1);
      sockets[0]?.pause();
      for (let at = 0; at < 20; at += 1) client.send({}, 'x'.repeat(10_000));
      expect(await seen.ended()).toMatchObject({ code: 'too_large' });
      expect(await atClient.ended()).toBeUndefined();
    });
  },
);
