import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { FakeSlack } from '../../../support/slack/fake.ts';
import { type Fields, fieldsOf, json } from '../../../support/slack/fields.ts';
import { until } from '../../../support/until.ts';
import { client, type Envelope, slack, socketClient } from './apps.ts';

const urlOf = async (fake: FakeSlack): Promise<string> => {
  const answer = await client(fake, {}, fake.appToken).apps.connections.open({});
  return answer.url ?? '';
};

/** A socket of the app that says nothing, and what comes on it. */
async function bare(fake: FakeSlack): Promise<{ readonly socket: WebSocket; readonly frames: Fields[] }> {
  const socket = new WebSocket(await urlOf(fake));
  const frames: Fields[] = [];
  socket.on('error', () => {});
  socket.on('message', (data: Buffer) => frames.push(fieldsOf(json(data.toString()))));
  await once(socket, 'open');
  return { socket, frames };
}

test('a socket is greeted; its ticket admits one', async () => {
  const fake = await slack({ approximateConnectionTimeS: 77 });
  const url = await urlOf(fake);
  const socket = new WebSocket(url);
  const [data] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(data.toString())).toMatchObject({
    type: 'hello',
    num_connections: 1,
    connection_info: { app_id: fake.appId },
    debug_info: { approximate_connection_time: 77 },
  });
  const again = new WebSocket(url);
  const [error] = (await once(again, 'error')) as [Error];
  expect(error.message).toContain('403');
  expect(fake.sockets).toMatchObject({ open: 1, opened: 1 });
});

test('the eleventh socket is sent away', async () => {
  const fake = await slack();
  for (let count = 1; count <= 10; count += 1) {
    const { frames } = await bare(fake);
    await until(() => frames[0]?.['num_connections'] === count);
  }
  const { socket, frames } = await bare(fake);
  await once(socket, 'close');
  expect(frames).toMatchObject([{ type: 'disconnect', reason: 'too_many_websockets' }]);
  expect(fake.sockets.open).toBe(10);
});

test('a refresh warns, asks to leave and closes; Slack’s own client is back after a gap', async () => {
  const fake = await slack();
  const made = await socketClient(fake);
  const reconnected = new Promise<void>((resolve) => {
    made.once('connected', () => resolve());
  });
  await fake.sockets.refresh();
  await reconnected;
  expect(fake.sockets).toMatchObject({ open: 1, opened: 2, dark: { times: 1 } });
});

test('a refresh says warning, then refresh_requested, and closes whoever stays', async () => {
  const fake = await slack();
  const { socket, frames } = await bare(fake);
  await until(() => fake.sockets.open === 1);
  await fake.sockets.refresh();
  expect(frames.slice(1)).toMatchObject([
    { type: 'disconnect', reason: 'warning' },
    { type: 'disconnect', reason: 'refresh_requested' },
  ]);
  await until(() => socket.readyState === WebSocket.CLOSED);
  expect(fake.sockets.open).toBe(0);
});

test('a socket that is cut ends without a word; link_disabled is said', async () => {
  const fake = await slack();
  const one = await bare(fake);
  const two = await bare(fake);
  await until(() => fake.sockets.open === 2);
  fake.sockets.cut(1);
  const [code] = (await once(one.socket, 'close')) as [number];
  expect(code).toBe(1006);
  fake.sockets.disable();
  await once(two.socket, 'close');
  expect(two.frames.at(-1)).toMatchObject({ type: 'disconnect', reason: 'link_disabled' });
});

test('a half-open socket answers no ping and sends nothing', async () => {
  const fake = await slack({ pingMs: 20, ackWithinMs: 50, retryAfterMs: [] });
  const { socket, frames } = await bare(fake);
  await until(() => fake.sockets.open === 1);
  socket.ping();
  await once(socket, 'pong');
  await once(socket, 'ping');
  fake.sockets.freeze();
  expect(fake.sockets.open).toBe(0);
  let pongs = 0;
  socket.on('pong', () => {
    pongs += 1;
  });
  socket.ping();
  expect(await fake.say({ typed: 'anybody?' })).toMatchObject({ acknowledged: false });
  expect(frames).toHaveLength(1);
  expect([pongs, socket.readyState]).toEqual([0, WebSocket.OPEN]);
  socket.terminate();
});

test('no hello comes when it is told so', async () => {
  const fake = await slack();
  fake.sockets.greet = false;
  const { frames } = await bare(fake);
  fake.sockets.greet = true;
  const greeted = await bare(fake);
  await until(() => greeted.frames.length === 1);
  expect([frames.length, fake.sockets.open]).toEqual([0, 1]);
});

test('when it is down the port is refused, and afterwards it is the same', async () => {
  const fake = await slack();
  const made = await socketClient(fake);
  const before = fake.apiUrl;
  const gone = new Promise((resolve) => {
    made.once('close', resolve);
  });
  await fake.down();
  await gone;
  await expect(client(fake).auth.test()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
  await fake.up();
  expect(fake.apiUrl).toBe(before);
  await client(fake).auth.test();
});

test('an event that is not acknowledged comes again, with its own id and another envelope', async () => {
  const fake = await slack({ ackWithinMs: 50, retryAfterMs: [0, 0, 0] });
  const seen: Envelope[] = [];
  await socketClient(fake, (envelope) => {
    seen.push(envelope);
    if (seen.length === 3) void envelope.ack();
  });
  const outcome = await fake.say({ typed: 'hello' });
  expect(outcome).toMatchObject({ acknowledged: true, attempts: 3 });
  expect(new Set(seen.map(({ body }) => body['event_id'])).size).toBe(1);
  expect(new Set(seen.map(({ envelope_id }) => envelope_id)).size).toBe(3);
  expect(seen.map(({ retry_num, retry_reason }) => [retry_num, retry_reason])).toEqual([
    [0, ''],
    [1, 'timeout'],
    [2, 'timeout'],
  ]);
});

test('a slash command that is not acknowledged does not come again', async () => {
  const fake = await slack({ ackWithinMs: 50, retryAfterMs: [0] });
  await socketClient(fake, () => {});
  expect(await fake.slash({ command: '/micro' })).toMatchObject({ acknowledged: false, attempts: 1 });
});

test('one event comes several times over several sockets, in any order', async () => {
  const fake = await slack();
  const seen: Envelope[] = [];
  const take = (envelope: Envelope): void => {
    seen.push(envelope);
    void envelope.ack();
  };
  await socketClient(fake, take);
  await socketClient(fake, take);
  fake.deliver({ copies: 3, sockets: 2, shuffle: 7 });
  const said = await Promise.all(Array.from({ length: 10 }, (_, index) => fake.say({ typed: `${index}` })));
  expect(said.every(({ acknowledged }) => acknowledged)).toBe(true);
  const ids = seen.map(({ body }) => String(body['event_id']));
  expect(ids).toHaveLength(30);
  expect(new Set(ids).size).toBe(10);
  const order = [...new Set(ids)];
  expect(order).not.toEqual(order.toSorted((a, b) => a.localeCompare(b)));
});

test('what is no acknowledgement is kept, and any frame can be sent', async () => {
  const fake = await slack();
  const { socket } = await bare(fake);
  await until(() => fake.sockets.open === 1);
  const raw = once(socket, 'message');
  fake.sockets.raw('{"type"');
  expect(String((await raw)[0])).toBe('{"type"');
  socket.send('hello?');
  await until(() => fake.sockets.strays.length === 1);
  expect(fake.sockets.strays).toEqual(['hello?']);
});

test('without the scope for a channel’s messages the bot hears of mentions only', async () => {
  const fake = await slack();
  fake.withoutScope('channels:history');
  const seen: string[] = [];
  await socketClient(fake, (envelope) => {
    const { type } = envelope.body['event'] as { type: string };
    seen.push(type);
    void envelope.ack();
  });
  expect(await fake.say({ typed: 'not for you' })).toMatchObject({ attempts: 0 });
  await fake.mention({ typed: 'for you' });
  expect(seen).toEqual(['app_mention']);
});
