import { fixture } from '../support/fixture.ts';
import { go, type Release, serveGo } from '../support/go.ts';
import { type Capture, listen } from './captures.ts';
import { type Way, ways } from './matrix/cells.ts';
import { messagesOf } from './matrix/kinds.ts';
import { type Observation, service } from './matrix/observation.ts';

/** One call of the matrix's handlers, as a Go client makes it. */
export interface Talk {
  readonly way: Way;
  readonly method: string;
  readonly stream: boolean;
  readonly texts: readonly string[];
}

export const talkCaptures = fixture<Capture>('go-talk');

/** What is said to each handler. */
export const methods: readonly Omit<Talk, 'way'>[] = [
  { method: 'Hello', stream: false, texts: ['Ann ✓'] },
  { method: 'Fail', stream: false, texts: ['Ann'] },
  { method: 'Count', stream: true, texts: ['3'] },
  { method: 'Join', stream: true, texts: ['a', 'b'] },
  { method: 'Echo', stream: true, texts: ['a', 'b'] },
];

/** What comes of it, by method. */
export const rightTalks: Readonly<Record<string, Observation>> = {
  Hello: { answers: ['Hello Ann ✓'] },
  Fail: { answers: [], error: { id: service, code: 404, detail: 'no such thing Ann', status: 'Not Found' } },
  Count: { answers: ['1', '2', '3'] },
  Join: { answers: ['a+b'] },
  Echo: { answers: ['echo a', 'echo b'] },
};

/** Go does not end these conversations with itself: see matrix/bugs.json. */
function neverEnds(release: Release, { way, method, stream }: Talk): boolean {
  const type = way.contentType.slice('application/'.length);
  if (type === 'octet-stream') return method !== 'Hello';
  if (type === 'protobuf' && release === 'v2') return method !== 'Hello';
  return type.startsWith('grpc') && stream;
}

/** What is captured of a release, by name. */
export const talksOf = (release: Release): Readonly<Record<string, Talk>> =>
  Object.fromEntries(
    ways
      .filter(({ protocol }) => protocol === 'mucp')
      .flatMap((way) => methods.map((method) => ({ way, ...method })))
      .filter((talk) => !neverEnds(release, talk))
      .map((talk) => [`${talk.way.contentType} ${talk.method}`, talk]),
  );

/** Has Go talk to Go and listens. */
export async function captureTalks(release: Release): Promise<Readonly<Record<string, Capture>>> {
  const captured: Record<string, Capture> = {};
  const peer = await serveGo(release, 'talk', service, { registry: 'memory', pause: '20ms' });
  for (const [name, { way, method, stream, texts }] of Object.entries(talksOf(release))) {
    const endpoint = `${messagesOf[way.kind].handler}.${method}`;
    const args = [stream ? 'converse' : 'ask', way.kind, service, endpoint, ...texts];
    captured[name] = await listen(peer.address, (address) =>
      go(release, args, { registry: 'memory', address, contentType: way.contentType }),
    );
  }
  return captured;
}
