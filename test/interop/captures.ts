import { fixture } from '../support/fixture.ts';
import { go, type GoFlags, type Release, serveGo } from '../support/go.ts';
import { tap } from '../support/tap.ts';

/** The name of the Go service that was captured. */
export const service = 'go.micro.srv.greeter';

/** One call by a Go client to a Go server: all bytes of either, one character a byte, so that it can be read. */
export interface Capture {
  readonly request: string;
  readonly response: string;
}

export const captures = fixture<Capture>('go-http');

interface Call {
  readonly args: readonly string[];
  readonly kind?: 'greeter' | 'command';
  readonly flags?: GoFlags;
  /** Default: all. v2 and v6 send broken streams, and v6 has no bot. */
  readonly of?: readonly Release[];
}

const bots: readonly Release[] = ['v1', 'v2'];

const calls: Readonly<Record<string, Call>> = {
  hello: { args: ['call', service, 'Say.Hello', '{"name":"bob"}'], flags: { metadata: 'foo-bar=x,Baz=hé ✓' } },
  error: { args: ['call', service, 'Say.Fail', '{"name":"hé → <✓>"}'] },
  'no body': { args: ['call', service, 'Say.Hello', ''] },
  'no service': { args: ['call', service, 'Nope.Hello', '{}'] },
  'no method': { args: ['call', service, 'Say.Nope', '{}'] },
  'no endpoint': { args: ['call', service, 'Say', '{}'] },
  'half a request': { args: ['call', service, 'Say.Hello', '{"name":'] },
  'big numbers': {
    args: ['call', service, 'Echo.Big', '{"id":9223372036854775807,"amount":1.10000000000000000001,"rest":[1e400]}'],
  },
  'command help': { kind: 'command', args: ['call', service, 'Command.Help', '{}'], of: bots },
  'command exec': { kind: 'command', args: ['exec', service, 'greeter', 'a', 'é'], of: bots },
  'command error': { kind: 'command', args: ['exec', service, 'greeter', 'boom'], of: bots },
  stream: { args: ['stream', service, 'Count.Up', '{"to":2}'], of: ['v1'] },
};

/** Has Go talk to Go and listens. */
export async function capture(release: Release): Promise<Readonly<Record<string, Capture>>> {
  const captured: Record<string, Capture> = {};
  const greeter = await serveGo(release, 'greeter', service, { registry: 'memory' });
  const command = bots.includes(release) ? await serveGo(release, 'command', service, { registry: 'memory' }) : greeter;
  for (const [name, { args, kind, flags, of = [release] }] of Object.entries(calls)) {
    if (!of.includes(release)) continue;
    captured[name] = await listen((kind === 'command' ? command : greeter).address, (address) =>
      go(release, args, { ...flags, registry: 'memory', address }),
    );
  }
  return captured;
}

/** What is said to and by a Go server while `talk` goes on. */
export async function listen(to: string, talk: (address: string) => Promise<unknown>): Promise<Capture> {
  const line = await tap(to);
  await talk(line.address);
  const { request, response } = await line.take();
  // The port is another one each time.
  const steady = (bytes: Buffer): string => bytes.toString('latin1').replaceAll(line.address, '127.0.0.1:1');
  return { request: steady(request), response: steady(response) };
}
