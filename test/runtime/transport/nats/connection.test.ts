import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { natsTransport } from '../../../../src/runtime/transport/nats/nats.ts';
import type { Transport } from '../../../../src/runtime/transport/transport.ts';
import type { Nats } from '../../../support/nats.ts';
import { missingNats, startNats } from '../../../support/nats.ts';
import { recordedLog } from '../../../support/recorded.ts';
import { authority } from '../../../support/tls.ts';
import { until } from '../../../support/until.ts';
import { collector, echo } from '../collector.ts';

const missing = missingNats();

async function started(args: readonly string[] = []): Promise<Nats> {
  const server = await startNats(args);
  onTestFinished(() => server.stop());
  return server;
}

async function hello(transport: Transport): Promise<readonly string[]> {
  const listener = await transport.listen(':0', echo);
  const answers = collector();
  const socket = await transport.dial(listener.address, answers);
  socket.send({}, 'hello');
  const received = await answers.received(1);
  socket.close();
  await listener.close();
  return received;
}

describe.skipIf(missing !== undefined)(`the connection to NATS${missing === undefined ? '' : `: ${missing}`}`, () => {
  test('is there only while somebody needs it', async () => {
    const server = await started();
    let open = 0;
    let opened = 0;
    const { connect } = await import('node:net');
    const proxy = createServer((near) => {
      const far = connect(server.port, '127.0.0.1');
      opened += 1;
      open += 1;
      near.pipe(far).pipe(near);
      near.once('close', () => {
        open -= 1;
        far.destroy();
      });
      for (const net of [near, far]) net.on('error', () => {});
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void proxy.close());
    await until(() => proxy.listening);
    const transport = natsTransport({ servers: [`127.0.0.1:${(proxy.address() as AddressInfo).port}`] });
    expect(opened).toBe(0);
    await hello(transport);
    await until(() => open === 0);
    expect(opened).toBe(1);
    await Promise.all([hello(transport), hello(transport)]);
    await until(() => open === 0);
    expect(opened).toBe(2);
  });

  test('comes back, and listeners with it', async () => {
    const server = await started();
    const log = recordedLog();
    const transport = natsTransport({ servers: [server.url], log });
    const listener = await transport.listen('survivor', echo);
    onTestFinished(() => listener.close());
    await server.restart();
    await until(() => log.lines.includes('info: connected to NATS again'));
    const answers = collector();
    const socket = await transport.dial('survivor', answers);
    socket.send({}, 'hello');
    expect(await answers.received(1)).toEqual(['hello']);
    socket.close();
  });

  test('is waited for by who dials while it is down, but not for ever', async () => {
    const server = await started();
    const transport = natsTransport({ servers: [server.url] });
    const listener = await transport.listen(':0', echo);
    const seen = collector();
    const before = await transport.dial(listener.address, seen);
    await server.kill();
    expect(await seen.ended()).toMatchObject({ code: 'reset' });
    before.send({}, 'nobody hears this');
    await expect(transport.dial(listener.address, collector(), { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'unreachable',
    });
    const answers = collector();
    const dial = transport.dial(listener.address, answers, { timeoutMs: 15_000 });
    await server.restart();
    (await dial).send({}, 'hello');
    expect(await answers.received(1)).toEqual(['hello']);
    await listener.close();
  });

  test('a listener closes while it is down', async () => {
    const server = await started();
    const listener = await natsTransport({ servers: [server.url] }).listen(':0', echo);
    await server.kill();
    await listener.close();
  });

  test('an address can be listened on once', async () => {
    const server = await started();
    const transport = natsTransport({ servers: [server.url] });
    const listener = await transport.listen('mine', echo);
    await expect(transport.listen('mine', echo)).rejects.toMatchObject({ code: 'unavailable' });
    await listener.close();
    await (await transport.listen('mine', echo)).close();
  });

  test('can ask for a password or a token', async () => {
    const guarded = await started(['--user', 'bot', '--pass', 's p']);
    expect(await hello(natsTransport({ servers: [`nats://bot:s%20p@127.0.0.1:${guarded.port}`] }))).toEqual(['hello']);
    const token = await started(['--auth', 'secret']);
    expect(await hello(natsTransport({ servers: [`nats://secret@127.0.0.1:${token.port}`] }))).toEqual(['hello']);
    const refused = natsTransport({ servers: [`nats://bot:wrong@127.0.0.1:${guarded.port}`] }).dial('x', collector());
    await expect(refused).rejects.toMatchObject({ code: 'unreachable' });
    await expect(refused).rejects.not.toThrow(/wrong/);
  });

  test('can be kept from others with TLS, and the server is checked', async () => {
    const { ca, server: own } = authority();
    const folder = mkdtempSync(join(tmpdir(), 'micro-nats-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'cert'), own.cert);
    writeFileSync(join(folder, 'key'), own.key);
    const { port } = await started(['--tls', '--tlscert', join(folder, 'cert'), '--tlskey', join(folder, 'key')]);
    const servers = [`tls://127.0.0.1:${port}`];
    expect(await hello(natsTransport({ servers, tls: { ca } }))).toEqual(['hello']);
    expect(await hello(natsTransport({ servers, tls: { insecure: true } }))).toEqual(['hello']);
    await expect(natsTransport({ servers }).dial('x', collector())).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('without a server', () => {
  const nowhere = natsTransport({ servers: ['127.0.0.1:1'] });

  test('nothing can be dialled', async () => {
    await expect(nowhere.dial('x', collector())).rejects.toMatchObject({ code: 'unreachable' });
    await expect(nowhere.dial('x', collector())).rejects.toThrow('cannot reach NATS at 127.0.0.1:1: ');
  });

  test('nobody can listen', async () => {
    await expect(nowhere.listen(':0', echo)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('one that says nothing does not hold it up', async () => {
    const mute = createServer((net) => net.on('error', () => {})).listen(0, '127.0.0.1');
    onTestFinished(() => void mute.close());
    await until(() => mute.listening);
    const transport = natsTransport({ servers: [`127.0.0.1:${(mute.address() as AddressInfo).port}`] });
    await expect(transport.dial('x', collector(), { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TransportError' });
  });
});

test.each(['http://host', 'nats://', 'ho st', 'nats://user:secret@'])('%j is no server', (server) => {
  expect(() => natsTransport({ servers: [server] })).toThrow(expect.objectContaining({ code: 'invalid' }));
  expect(() => natsTransport({ servers: [server] })).not.toThrow(/secret/);
});
