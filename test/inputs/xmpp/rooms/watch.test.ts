import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { presence, type StandIn, standIn } from './stand-in.ts';

const room = 'ops@rooms.chat.test';

/** In a room that is looked after all the time; `outcome` is what the ping brings. */
async function watched(outcome: () => string | undefined, timing = {}): Promise<StandIn> {
  const it = standIn({ rooms: [room], timing: { pingMs: 2, pingAgainMs: 2, minDelayMs: 2, maxDelayMs: 4, ...timing } });
  it.answer = (request) => (request.getChild('ping') === undefined ? 'item-not-found' : outcome());
  it.login();
  await until(() => it.sent.length > 0);
  it.deliver(presence(`${room}/micro`, { codes: [110] }));
  return it;
}

const pings = ({ asked }: StandIn): number => asked.filter((request) => request.getChild('ping') !== undefined).length;

describe('whether we are still in a room', () => {
  it.each([
    `<iq type='result'/>`,
    'service-unavailable',
    'feature-not-implemented',
  ])('is so after %s', async (outcome) => {
    const it = await watched(() => outcome);
    await until(() => pings(it) > 3);
    expect(it.sent).toHaveLength(1);
    expect(it.rooms.find(room)).toBeDefined();
  });

  it.each([
    'not-acceptable',
    'item-not-found',
    'not-allowed',
    'internal-server-error',
  ])('is not so after %s: we join again', async (outcome) => {
    const it = await watched(() => outcome);
    await until(() => it.sent.length > 1);
    expect(it.rooms.find(room)).toBeUndefined();
    it.deliver(presence(`${room}/micro`, { codes: [110] }));
    expect(it.rooms.find(room)).toBeDefined();
  });

  it.each([
    'remote-server-not-found',
    'remote-server-timeout',
  ])('is not known after %s: it is asked again', async (outcome) => {
    const it = await watched(() => outcome);
    await until(() => pings(it) > 3);
    expect(it.sent).toHaveLength(1);
    expect(it.rooms.find(room)).toBeDefined();
  });

  it('is looked at as soon as the room refuses what we say', async () => {
    const it = await watched(() => 'not-acceptable', { pingMs: 3_600_000 });
    expect(pings(it)).toBe(0);
    const error = `<error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    expect(it.deliver(`<message type='error' from='${room}'><body>hi</body>${error}</message>`)).toBe(false);
    await until(() => it.sent.length > 1);
    expect(pings(it)).toBe(1);
  });

  it('is not asked any more while the stream is cut, nor after the end', async () => {
    const it = await watched(() => `<iq type='result'/>`);
    await until(() => pings(it) > 1);
    it.rooms.offline();
    const before = pings(it);
    const marker = standIn({ rooms: [room], timing: { joinMs: 10, minDelayMs: 5 } });
    marker.login();
    await until(() => marker.sent.length > 2);
    expect(pings(it)).toBe(before);
    await marker.rooms.close();
    await it.rooms.close();
  });
});
