import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { until } from '../../../support/until.ts';
import { hello, type Side, startPeer } from './peer.ts';
import { receive, told } from './receiving.ts';

const last = { envelope_id: 'last', type: 'events_api', payload: {} };
const acknowledged = (id: string): string => JSON.stringify({ envelope_id: id });

/** Says these things on one socket, then something good; gives what was acknowledged and what was taken. */
async function said(frames: readonly (object | string | Buffer)[]) {
  await using peer = await startPeer(({ say }: Side) => {
    say(hello);
    for (const frame of frames) say(frame);
    say(last);
  });
  await using bot = receive(peer.openUrl, { sockets: 1 });
  await until(() => peer.heard.includes(acknowledged('last')));
  expect(peer.opened).toBe(1);
  expect(bot.source.outage).toBeUndefined();
  expect(told(bot)).toEqual([]);
  return {
    acks: peer.heard.slice(0, -1),
    taken: bot.deliveries.slice(0, -1),
    whys: bot.lines.filter(({ message }) => message.includes('ignored')).map(({ fields }) => fields['why']),
    lines: JSON.stringify(bot.lines),
  };
}

const envelope = { envelope_id: 'e1', type: 'slash_commands', payload: { text: 'canary' } };
const large = { ...envelope, payload: { text: 'canary'.repeat(200_000) } };

describe('what is no message of Slack', () => {
  it.each<[string, object | string | Buffer, string]>([
    ['nothing', '', 'no JSON'],
    ['a word', 'canary', 'no JSON'],
    ['half an envelope', JSON.stringify(envelope).slice(0, -5), 'no JSON'],
    ['bytes', Buffer.from([0, 255, 254, 1]), 'no JSON'],
    ['null', 'null', 'no object'],
    ['a number', '1e999', 'no object'],
    ['a list', '[{"envelope_id":"e1"}]', 'no object'],
    ['very deep lists', '['.repeat(300_000), 'no JSON'],
    ['no type', {}, 'no envelope id'],
    ['no id', { ...envelope, envelope_id: undefined }, 'no envelope id'],
    ['an empty id', { ...envelope, envelope_id: '' }, 'no envelope id'],
    ['a number as id', { ...envelope, envelope_id: 7 }, 'no envelope id'],
    ['an object as id', { ...envelope, envelope_id: { toString: 'e1' } }, 'no envelope id'],
  ])('is ignored: %s', async (_, frame, why) => {
    const { acks, taken, whys, lines } = await said([frame, frame]);
    expect([acks, taken, whys]).toEqual([[], [], [why]]);
    expect(lines).not.toContain('canary');
  });

  it.each<[string, object, string]>([
    ['an unknown type', { ...envelope, type: 'canary' }, 'unknown type'],
    ['no type', { ...envelope, type: undefined }, 'unknown type'],
    ['the name of something else', { ...envelope, type: 'constructor' }, 'unknown type'],
    ['a hello with an id', { ...envelope, type: 'hello' }, 'unknown type'],
    ['no payload', { ...envelope, payload: undefined }, 'no payload'],
    ['null as payload', { ...envelope, payload: null }, 'no payload'],
    ['a list as payload', { ...envelope, payload: ['canary'] }, 'no payload'],
    ['a text as payload', { ...envelope, payload: 'canary' }, 'no payload'],
    ['more than a megabyte', large, 'too large'],
  ])('is acknowledged where it has an id, or it would come again: %s', async (_, frame, why) => {
    const { acks, taken, whys, lines } = await said([frame]);
    expect([acks, taken, whys]).toEqual([[acknowledged('e1')], [], [why]]);
    expect(lines).not.toContain('canary');
  });

  it('harms nothing, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), { maxLength: 50 }),
        async (frames) => {
          const { taken } = await said(frames);
          expect(taken).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('an envelope', () => {
  it('arrives as it was sent, in order, and so do the acknowledgements', async () => {
    const payloads = Array.from({ length: 500 }, (_, number) => ({
      number,
      text: `“ü” \u0000 ${number}`,
      __proto__: { x: 1 },
    }));
    const { acks, taken } = await said(
      payloads.map((payload) => ({ ...envelope, envelope_id: `"${payload.number}"`, payload })),
    );
    expect(taken).toEqual(payloads.map((body) => ({ kind: 'slash_commands', body: JSON.parse(JSON.stringify(body)) })));
    expect(acks).toEqual(payloads.map(({ number }) => acknowledged(`"${number}"`)));
  });

  it('is taken also when it came before hello, or hello came twice', async () => {
    await using peer = await startPeer(({ say }) => {
      for (const frame of [envelope, hello, hello, { ...envelope, envelope_id: 'e2' }]) say(frame);
    });
    await using bot = receive(peer.openUrl, { sockets: 1 });
    await until(() => peer.heard.length === 2);
    expect(peer.heard).toEqual([acknowledged('e1'), acknowledged('e2')]);
    expect([bot.opens, bot.deliveries.length]).toEqual([1, 2]);
  });

  it('that breaks the limits of a socket costs that socket, not the bot', async () => {
    await using peer = await startPeer(({ say, index }) => {
      say(hello);
      if (index === 0) say(' '.repeat(9_000_000));
    });
    await using bot = receive(peer.openUrl, { sockets: 1 });
    await until(() => peer.opened === 2 && bot.source.outage === undefined);
    expect(bot.lines.find(({ level }) => level === 'warn')?.fields['reason']).not.toBe('');
  });
});
