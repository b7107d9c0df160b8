import type { ServiceRecord } from '../../src/discovery/registry.ts';
import { fixture } from '../support/fixture.ts';
import { publishGo, type Release } from '../support/go.ts';
import { posts } from '../support/posts.ts';
import { type Way, wayName, ways } from './matrix/cells.ts';

/** The topic and the text of every event that is captured. */
export const topic = 'events';
export const text = 'Ann <✓>';

/** What Go's http broker posts to a subscriber: the whole request, one character a byte. */
export const eventCaptures = fixture<string>('go-events');

/** How a subscriber of the release at `address` stands in the registry. */
export const subscriberRecord = (release: Release, address: string): ServiceRecord => ({
  name: release === 'v1' ? 'go.micro.http.broker' : 'micro.http.broker',
  version: 'ff.http.broadcast',
  metadata: {},
  endpoints: [],
  nodes: [{ id: `${topic}-sub1`, address, metadata: { secure: 'false', broker: 'http', topic } }],
});

/** What Go cannot write: see `json-events-as-protobuf` in matrix/bugs.json. */
const unwritable = new Set(['mucp application/grpc+json']);

export const eventWays: Readonly<Record<string, Way>> = Object.fromEntries(
  ways.map((way): [string, Way] => [wayName(way), way]).filter(([name]) => !unwritable.has(name)),
);

/** Has Go publish to a subscriber of ours that only listens. */
export async function captureEvents(release: Release): Promise<Readonly<Record<string, string>>> {
  const captured: Record<string, string> = {};
  for (const [name, { protocol, contentType, kind }] of Object.entries(eventWays)) {
    const subscriber = await posts();
    const publisher = await publishGo(release, [kind, topic, text], {
      registry: 'memory',
      known: JSON.stringify([subscriberRecord(release, subscriber.address)]),
      protocol,
      contentType,
      metadata: 'foo-bar=x',
    });
    try {
      captured[name] = steady(await subscriber.first(), subscriber.address);
    } finally {
      await publisher.end();
    }
  }
  return captured;
}

/** The port and the event's id are others each time. */
const steady = (request: string, address: string): string =>
  request
    .replaceAll(address, '127.0.0.1:1')
    .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/, '00000000-0000-4000-8000-000000000000');
