import { expect, it } from 'vitest';
import type { Fixture } from '../support/fixture.ts';
import { type Release, releases } from '../support/go.ts';
import { withGoPrograms } from '../support/namespace.ts';
import { capture, captures } from './captures.ts';
import { captureEvents, eventCaptures } from './event-captures.ts';
import { captureGrpc, grpcCaptures } from './grpc-captures.ts';
import { captureTalks, talkCaptures } from './talk-captures.ts';

/** Compares, or with MICRO_CAPTURE=1 writes them anew. */
async function check<T>(
  kept: Fixture<T>,
  release: Release,
  take: (release: Release) => Promise<Readonly<Record<string, T>>>,
): Promise<void> {
  const taken = await take(release);
  if (process.env['MICRO_CAPTURE'] === '1') kept.write({ [release]: taken });
  expect(taken).toEqual(kept.read()[release]);
}

withGoPrograms('the captured bytes of Go', () => {
  it.each(releases)('are what %s says today: calls', (release) => check(captures, release, capture));
  it.each(releases)('are what %s says today: events', (release) => check(eventCaptures, release, captureEvents));
  it.each(releases)('are what %s says today: gRPC', (release) => check(grpcCaptures, release, captureGrpc));
  it.each(releases)('are what %s says today: every content type', (release) =>
    check(talkCaptures, release, captureTalks));
});
