import { fixture } from '../support/fixture.ts';
import { go, type Release, serveGo } from '../support/go.ts';
import { type H2Exchange, h2Tap, type Pairs } from '../support/h2-tap.ts';
import { ways } from './matrix/cells.ts';
import { messagesOf } from './matrix/kinds.ts';
import { service } from './matrix/observation.ts';
import { methods, type Talk } from './talk-captures.ts';

export const grpcCaptures = fixture<H2Exchange>('go-grpc');

/** What is captured of every release, by name. */
export const grpcTalks: Readonly<Record<string, Talk>> = Object.fromEntries(
  ways
    .filter(({ protocol }) => protocol === 'grpc')
    .flatMap((way) => methods.map((method) => ({ way, ...method })))
    .map((talk) => [`${talk.way.contentType} ${talk.method}`, talk]),
);

/** What is different each time, or depends on the gRPC library and not on go-micro. */
const steadily: Readonly<Record<string, string>> = {
  ':authority': '127.0.0.1:1',
  'user-agent': 'grpc-go',
  'grpc-timeout': '5S',
  timeout: '5000000000',
};
const unsteady = new Set(['date']);

const steady = (pairs: Pairs): Pairs =>
  pairs
    .filter(([name]) => !unsteady.has(name))
    .map(([name, value]) => [name, steadily[name] ?? value] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));

/** Has Go talk to Go and listens. */
export async function captureGrpc(release: Release): Promise<Readonly<Record<string, H2Exchange>>> {
  const captured: Record<string, H2Exchange> = {};
  const flags = { registry: 'memory', protocol: 'grpc' } as const;
  const peer = await serveGo(release, 'talk', service, { ...flags, pause: '20ms' });
  for (const [name, { way, method, stream, texts }] of Object.entries(grpcTalks)) {
    // v1 says application/grpc whatever it streams, and its own server dies of what is no protobuf then.
    if (release === 'v1' && stream && way.kind !== 'proto') continue;
    const line = await h2Tap(peer.address);
    const endpoint = `${messagesOf[way.kind].handler}.${method}`;
    const args = [stream ? 'converse' : 'ask', way.kind, service, endpoint, ...texts];
    await go(release, args, { ...flags, address: line.address, contentType: way.contentType });
    const { request, response } = await line.take();
    captured[name] = {
      request: { ...request, headers: steady(request.headers) },
      response: {
        ...response,
        headers: steady(response.headers),
        ...(response.trailers === undefined ? {} : { trailers: steady(response.trailers) }),
      },
    };
  }
  return captured;
}
