import { connect as connectPlain, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { httpTransport } from '../../../../src/runtime/transport/http/http.ts';
import type { TlsOptions } from '../../../../src/runtime/transport/tls.ts';
import type { Socket, Transport } from '../../../../src/runtime/transport/transport.ts';
import { transportContract } from '../../../contract/transport.ts';
import { authority } from '../../../support/tls.ts';
import { until } from '../../../support/until.ts';
import { collector, echo } from '../collector.ts';
import { cut } from '../cut.ts';
import { raw } from './raw.ts';

const { ca, server, elsewhere, client } = authority();
const both: TlsOptions = { ...server, ca };

transportContract('http with TLS', () => httpTransport({ tls: both }), { breakable: cut });

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function listening(tls: TlsOptions, address = '127.0.0.1:0'): Promise<string> {
  const listener = await httpTransport({ tls, headTimeoutMs: 2000 }).listen(address, (socket) => {
    sockets.push(socket);
    return echo(socket);
  });
  onTestFinished(() => listener.close());
  return listener.address;
}

async function hello(transport: Transport, address: string): Promise<readonly string[]> {
  const answers = collector();
  const socket = await transport.dial(address, answers);
  sockets.push(socket);
  socket.send({}, 'hello');
  return answers.received(1);
}

const dialling = (tls: TlsOptions): Transport => httpTransport({ tls });

test('the name that was dialled counts, too', async () => {
  const address = await listening(server, 'localhost:0');
  expect(await hello(dialling({ ca }), address.replace(/^.*:/, 'localhost:'))).toEqual(['hello']);
});

describe('who dials checks the certificate', () => {
  test.each([
    ['an authority nobody knows', server, {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['another host', elsewhere, { ca }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['one that vouches for itself', { selfSigned: true }, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const)('%s', async (_what, shown, expected, why) => {
    const address = await listening(shown);
    const dial = dialling(expected).dial(address, collector());
    await expect(dial).rejects.toMatchObject({ name: 'TransportError', code: 'invalid' });
    await expect(dial).rejects.toThrow(new RegExp(`^cannot speak TLS with ${address}: .*${why}`));
  });

  test('unless it is told to take anybody', async () => {
    expect(await hello(dialling({ insecure: true }), await listening(elsewhere))).toEqual(['hello']);
    expect(await hello(dialling({ insecure: true }), await listening({ selfSigned: true }))).toEqual(['hello']);
  });
});

describe('a certificate of its own', () => {
  const shownBy = (address: string, host = '127.0.0.1'): Promise<string> =>
    new Promise((resolve, reject) => {
      const port = Number(address.slice(address.lastIndexOf(':') + 1));
      const peer = connect({ host, port, rejectUnauthorized: false }, () => {
        const { raw: bytes } = peer.getPeerCertificate();
        peer.destroy();
        resolve(`-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`);
      });
      peer.once('error', reject);
    });

  test('is valid for the address, for those who know it', async () => {
    const address = await listening({ selfSigned: true });
    expect(await hello(dialling({ ca: await shownBy(address) }), address)).toEqual(['hello']);
  });

  test('names every address when it listens on all', async () => {
    const address = await listening({ selfSigned: true }, ':0');
    const port = address.slice(address.lastIndexOf(':'));
    const known = dialling({ ca: await shownBy(address) });
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) expect(await hello(known, host + port)).toEqual(['hello']);
  });

  test('must be asked for', async () => {
    await expect(httpTransport({ tls: {} }).listen('127.0.0.1:0', echo)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('certificates of clients', () => {
  const strict: TlsOptions = { ...both, requestClientCert: true };

  test('are taken when the authority vouches for them', async () => {
    expect(await hello(dialling({ ...client, ca }), await listening(strict))).toEqual(['hello']);
  });

  test.each([
    ['none', { ca }],
    ['one that is not for clients', { ca, ...elsewhere }],
  ])('%s is refused', async (_what, tls) => {
    const seen = collector();
    const address = await listening(strict);
    const refusal = dialling(tls).dial(address, seen);
    // Since TLS 1.3 a client learns only after the handshake what the server thinks of it.
    const socket = await refusal.catch(() => undefined);
    socket?.send({}, 'hello');
    if (socket !== undefined) await seen.ended();
    expect(seen.messages).toEqual([]);
    expect(sockets).toEqual([]);
  });

  test('need an authority to be asked for', async () => {
    const listen = httpTransport({ tls: { ...server, requestClientCert: true } }).listen('127.0.0.1:0', echo);
    await expect(listen).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('one side speaks TLS and the other does not', () => {
  test('a plain client is told so', async () => {
    const address = await listening(both);
    const seen = collector();
    const socket = await httpTransport().dial(address, seen);
    sockets.push(socket);
    socket.send({}, 'hello');
    expect(await seen.received(1)).toEqual(['this port speaks only TLS\r\n']);
    expect(seen.messages[0]?.headers[':status']).toBe('400 Bad Request');
    expect(await seen.ended()).toBeUndefined();
  });

  test('a TLS client is told so', async () => {
    const seen = collector();
    const listener = await httpTransport().listen('127.0.0.1:0', () => seen);
    onTestFinished(() => listener.close());
    const dial = dialling({ insecure: true }).dial(listener.address, collector());
    await expect(dial).rejects.toMatchObject({ code: 'invalid' });
    await expect(dial).rejects.toThrow('it does not speak TLS');
    expect(await seen.ended()).toMatchObject({ code: 'invalid' });
  });

  test('a TLS client does not wait for a host that says nothing', async () => {
    const mute = createServer((net) => net.on('error', () => {})).listen(0, '127.0.0.1');
    onTestFinished(() => void mute.close());
    await until(() => mute.listening);
    const dial = dialling({ insecure: true }).dial(`127.0.0.1:${(mute.address() as AddressInfo).port}`, collector(), {
      timeoutMs: 100,
    });
    await expect(dial).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a host that breaks off in the handshake is unreachable', async () => {
    const rude = createServer((net) => net.once('data', () => net.destroy())).listen(0, '127.0.0.1');
    onTestFinished(() => void rude.close());
    await until(() => rude.listening);
    const dial = dialling({ insecure: true }).dial(`127.0.0.1:${(rude.address() as AddressInfo).port}`, collector());
    await expect(dial).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('a client that begins no handshake, or does not end it, is dropped', async () => {
    const listener = await httpTransport({ tls: both, headTimeoutMs: 100 }).listen('127.0.0.1:0', echo);
    onTestFinished(() => listener.close());
    const port = Number(listener.address.split(':')[1]);
    const silent = raw(connectPlain(port, '127.0.0.1'));
    const partial = raw(connectPlain(port, '127.0.0.1'));
    partial.write(Uint8Array.of(0x16, 3, 1));
    expect(await silent.ended()).toBe('');
    expect(await partial.ended()).toBe('');
  });
});

test.each([
  ['a certificate without a key', { cert: server.cert }],
  ['a key without a certificate', { key: server.key }],
  ['no PEM', { cert: 'nonsense', key: server.key }],
  ['a key of another certificate', { cert: server.cert, key: client.key }],
])('refuses %s, and does not print it', (_what, tls) => {
  expect(() => httpTransport({ tls })).toThrow(expect.objectContaining({ name: 'TransportError', code: 'invalid' }));
  expect(() => httpTransport({ tls })).not.toThrow(/nonsense|PRIVATE/);
});

test('only HTTP/1.1 is spoken', async () => {
  const address = await listening(server);
  const port = Number(address.split(':')[1]);
  const h2 = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  onTestFinished(() => void h2.destroy());
  const failure = await new Promise((resolve) => h2.once('error', resolve).once('secureConnect', resolve));
  expect(String(failure)).toContain('no application protocol');
  const old = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
  onTestFinished(() => void old.destroy());
  await new Promise((resolve, reject) => void old.once('secureConnect', resolve).once('error', reject));
  expect(old.getProtocol()).toBe('TLSv1.2');
});
