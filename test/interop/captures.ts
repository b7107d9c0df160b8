import { readFileSync, writeFileSync } from 'node:fs';
import { go, type GoFlags, type Release, serveGo } from '../support/go.ts';
import { tap } from '../support/tap.ts';

/** The name of the Go service that was captured. */
export const service = 'go.micro.srv.greeter';

/** One call by a Go client to a Go server: all bytes of either, one character a byte, so that it can be read. */
export interface Capture {
  readonly request: string;
  readonly response: string;
}

/** By release and by name of the call. */
export type Captures = Readonly<Record<Release, Readonly<Record<string, Capture>>>>;

/** Where the captures are kept, for tests that have no Go. */
export const file: URL = new URL('../fixtures/go-http.json', import.meta.url);
export const readCaptures = (): Captures => JSON.parse(readFileSync(file, 'utf8')) as Captures;

export function writeCaptures(captures: Captures): void {
  const text = JSON.stringify(captures, null, 1);
  const ascii = text.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  writeFileSync(file, `${ascii}\n`);
}

interface Call {
  readonly args: readonly string[];
  readonly kind?: 'greeter' | 'command';
  readonly flags?: GoFlags;
  /** v2 sends broken streams. */
  readonly only?: Release;
}

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
  'command help': { kind: 'command', args: ['call', service, 'Command.Help', '{}'] },
  'command exec': { kind: 'command', args: ['exec', service, 'greeter', 'a', 'é'] },
  'command error': { kind: 'command', args: ['exec', service, 'greeter', 'boom'] },
  stream: { args: ['stream', service, 'Count.Up', '{"to":2}'], only: 'v1' },
};

/** Has Go talk to Go and listens. */
export async function capture(release: Release): Promise<Readonly<Record<string, Capture>>> {
  const captured: Record<string, Capture> = {};
  const [greeter, command] = await Promise.all([
    serveGo(release, 'greeter', service),
    serveGo(release, 'command', service),
  ]);
  for (const [name, { args, kind, flags, only = release }] of Object.entries(calls)) {
    if (only !== release) continue;
    const line = await tap((kind === 'command' ? command : greeter).address);
    await go(release, args, { ...flags, address: line.address });
    const { request, response } = await line.take();
    // The port is another one each time.
    const steady = (bytes: Buffer): string => bytes.toString('latin1').replaceAll(line.address, '127.0.0.1:1');
    captured[name] = { request: steady(request), response: steady(response) };
  }
  return captured;
}
