import { credentials, ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../src/runtime/transport/certificate.ts';
import { failure, hello } from '../world.ts';
import { greeter, open, serve } from './house.ts';
import { libraryClient, libraryServer } from './library.ts';

const own = selfSigned(['127.0.0.1', 'localhost']);
const other = selfSigned(['elsewhere.example']);
const request = { ...greeter('Hello'), body: { name: 'bob' } };
const refused = { id: 'go.micro.client', code: 500 };

describe('gRPC over TLS', () => {
  it('trusts who is vouched for', async () => {
    const { address } = await serve({ Hello: hello }, { tls: own });
    expect(await open({ tls: { ca: own.cert } }).call(request, { address })).toEqual({ msg: 'Hello bob' });
  });

  it('is verified where the address asks for it', async () => {
    const { address } = await serve({ Hello: hello }, { tls: own });
    const error = await failure(open().call(request, { address: `https://${address}`, retries: 0 }));
    expect(error).toMatchObject({ ...refused, detail: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT') });
    const name = `https://${address.replace('127.0.0.1', 'localhost')}`;
    expect(await open({ tls: { ca: own.cert } }).call(request, { address: name })).toEqual({ msg: 'Hello bob' });
  });

  it('is not asked for by any other address', async () => {
    const { address } = await serve({ Hello: hello });
    expect(await open().call(request, { address })).toEqual({ msg: 'Hello bob' });
  });

  it.each([
    ['nobody vouches for', own, {}],
    ['is for another host', other, { ca: other.cert }],
  ])('refuses a certificate that %s', async (_, tls, dialling) => {
    const { address } = await serve({ Hello: hello }, { tls });
    expect(await failure(open({ tls: dialling }).call(request, { address, retries: 0 }))).toMatchObject(refused);
  });

  it('takes any certificate where that was asked for', async () => {
    const { address } = await serve({ Hello: hello }, { tls: other });
    expect(await open({ tls: { insecure: true } }).call(request, { address })).toEqual({ msg: 'Hello bob' });
  });

  it('does not talk to who does not use it, either way round', async () => {
    const secure = await serve({ Hello: hello }, { tls: own });
    const plain = await serve({ Hello: hello });
    const address = secure.address;
    expect(await failure(open().call(request, { address, retries: 0 }))).toMatchObject(refused);
    const tls = { ca: own.cert };
    expect(await failure(open({ tls }).call(request, { address: plain.address, retries: 0 }))).toMatchObject(refused);
  });

  it('speaks with another library', async () => {
    const { address } = await serve({ Hello: hello }, { tls: own });
    const secure = credentials.createSsl(Buffer.from(own.cert));
    const error = await failure(libraryClient(address, secure).unary('/Greeter/Nope', ''));
    expect(error).toMatchObject({ code: 12 });
    const pair = { cert_chain: Buffer.from(own.cert), private_key: Buffer.from(own.key) };
    const peer = await libraryServer(
      { Hello: (call: { request: Buffer }, done: (error: null, body: Buffer) => void) => done(null, call.request) },
      {},
      ServerCredentials.createSsl(null, [pair]),
    );
    expect(await open({ tls: { ca: own.cert } }).call(request, { address: peer.address })).toEqual({ name: 'bob' });
  });
});
