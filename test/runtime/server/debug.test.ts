import { expect, test } from 'vitest';
import * as debug from '../../../src/runtime/server/debug.ts';
import { messageSchema } from '../../../src/runtime/server/message.ts';
import { failure, hello, newWorld } from '../world.ts';

const health = { service: 'greeter', endpoint: 'Debug.Health' };
const stats = { service: 'greeter', endpoint: 'Debug.Stats' };
const protobuf = { contentType: 'application/protobuf' };

test('every server is healthy, in both content types, and does not advertise it', async () => {
  const world = newWorld();
  const server = await world.serve({ Hello: hello });
  const client = world.client();
  await expect(client.call(health)).resolves.toEqual({ status: 'ok' });
  const schemas = { requestSchema: debug.healthRequest, responseSchema: debug.healthResponse };
  await expect(client.call({ ...health, ...protobuf, ...schemas, body: { service: 'é' } })).resolves.toEqual({
    status: 'ok',
  });
  expect(server.record.endpoints.map(({ name }) => name)).toEqual(['Greeter.Hello']);
});

test('statistics count requests and errors, and agree in both content types', async () => {
  const world = newWorld();
  await world.serve({ Hello: hello });
  const client = world.client();
  await client.call({ service: 'greeter', endpoint: 'Greeter.Hello' });
  await failure(client.call({ service: 'greeter', endpoint: 'Greeter.Nope' }));
  const now = Date.now() / 1000;
  const json = await client.call<debug.StatsResponse>(stats);
  expect(json).toMatchObject({ requests: 3, errors: 1 });
  expect(Math.abs(json.timestamp - now)).toBeLessThan(30);
  expect(json.started + json.uptime).toBeLessThanOrEqual(json.timestamp + 1);
  expect(json.memory).toBeGreaterThan(1_000_000);
  expect(json.threads).toBeGreaterThan(0);
  for (const value of Object.values(json)) expect(Number.isSafeInteger(value)).toBe(true);
  const schemas = { requestSchema: debug.statsRequest, responseSchema: debug.statsResponse };
  const bytes = await client.call<debug.StatsResponse>({ ...stats, ...protobuf, ...schemas });
  expect(Object.keys(bytes)).toEqual(Object.keys(json));
  expect(bytes).toMatchObject({ requests: 4, errors: 1, started: json.started });
});

test('protobuf bytes are those of the published messages', () => {
  const encoded = debug.statsResponse.protobuf?.encode({ timestamp: 300, memory: 2 ** 40, gc: 1, errors: 0 });
  expect(Buffer.from(encoded ?? []).toString('hex')).toBe('08ac02208080808080203001');
  expect(debug.statsResponse.protobuf?.decode(encoded ?? Buffer.alloc(0))).toMatchObject({
    timestamp: 300,
    memory: 2 ** 40,
    gc: 1,
    errors: 0,
  });
});

test('fields nobody knows are passed over, torn messages are refused', () => {
  const schema = messageSchema('M', [['name', 'string']]).protobuf;
  const decode = (hex: string): unknown => schema?.decode(Buffer.from(hex, 'hex'));
  expect(decode('100119000000000000000025000000003201780a0162')).toEqual({ name: 'b' });
  expect(decode('0801')).toEqual({ name: '' });
  expect(() => decode('0a0562')).toThrow('unexpected EOF');
  expect(() => decode('0a')).toThrow('unexpected EOF');
  expect(() => decode('0b')).toThrow('unknown wire type 3');
  expect(() => decode(`08${'ff'.repeat(11)}`)).toThrow('longer than 10 bytes');
});
