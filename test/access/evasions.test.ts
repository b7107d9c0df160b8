import { describe, expect, test } from 'vitest';
import { withResolvers } from '../../src/async/queue.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { newServer, type ServerOptions } from '../../src/runtime/server/micro.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { memoryTransport } from '../../src/runtime/transport/memory.ts';
import { testBot, type TestBotOptions } from '../../src/testing/bot.ts';
import { until } from '../support/until.ts';
import { accessBy, parameters } from './ask.ts';

const people = 'people: {ann: [slack:T1/U1, xmpp:ann@example.org]}\n';
const ann = 'slack:T1/U1';

describe('what is given as nothing counts as not given, as it does for services', () => {
  const nothing = [{}, { env: '' }, { env: [] }, { env: ['', ''] }].map(parameters);

  test('for a rule that denies or asks for more', async () => {
    const rules =
      'rules: [{command: deploy, with: {env: prod}, deny: true}, {command: "*", with: {env: eu}, deny: true}]';
    await using access = await accessBy(`${people}defaults: {change: allow}\n${rules}`);
    for (const given of nothing) expect(access.ask(ann, { parameters: given })).toMatch(/^no: .* \(rule 1/);
    expect(access.ask(ann, { parameters: parameters({ env: ['dev', ''] }) })).toMatch(/^no: .* \(rule 1/);
    expect(access.ask(ann, { parameters: parameters({ env: 'dev' }) })).toMatch(/^yes/);
    const look = { commands: ['look'], effect: 'read' } as const;
    for (const given of nothing) expect(access.ask(ann, { ...look, parameters: given })).toMatch(/^yes/);
  });

  test('for a rule that opens', async () => {
    const opened = (wanted: string): string =>
      `${people}rules: [{command: deploy, with: {env: ${wanted}}, people: ann}]`;
    await using all = await accessBy(opened('"*"'));
    await using some = await accessBy(opened('[dev, ""]'));
    for (const given of nothing) {
      expect(all.ask(ann, { parameters: given })).toMatch(/^no: no rule opens deploy/);
      expect(some.ask(ann, { parameters: given })).toMatch(/^yes/);
    }
    expect(all.ask(ann, { parameters: parameters({ env: 'dev' }) })).toMatch(/^yes/);
  });
});

test.each([
  'ops@rooms.example.org/',
  'OPS@rooms.example.org',
  'ＯＰＳ@rooms.example.org',
  '#ops',
  '#ops@rooms.example.org',
])('a room is the same however its address is written behind >: %s', async (room) => {
  const rules = 'rules: [{command: deploy, rooms: xmpp:ops@rooms.example.org, deny: true}]';
  await using access = await accessBy(`${people}defaults: {change: allow}\n${rules}`);
  await using limited = await accessBy(
    `${people}defaults: {change: allow}\nrooms: {xmpp:ops@rooms.example.org: {commands: look}, "*": {commands: "*"}}`,
  );
  await using named = await accessBy(
    `${people}defaults: {change: allow}\nrules: [{command: deploy, rooms: "#ops@rooms.example.org", deny: true}]`,
  );
  for (const each of [access, limited, named]) {
    expect(each.ask('xmpp:ann@example.org', { room, roomName: room })).toMatch(/^no: deploy (?:is not|may not)/);
    const other = { room: 'sea@rooms.example.org/', roomName: 'sea@rooms.example.org/' };
    expect(each.ask('xmpp:ann@example.org', other)).toMatch(/^yes/);
  }
});

type Service = NonNullable<TestBotOptions['services']>[number];

/** A service whose methods have this metadata, and say which of them was called. */
const serving =
  (
    name: string,
    methods: Readonly<Record<string, Readonly<Record<string, string>>>>,
    more: Partial<ServerOptions>,
  ): Service =>
  (network) => {
    const server = newServer({ ...network, name, ...more });
    const all = Object.entries(methods).map(
      ([method, metadata]) => [method, unary(() => ({ text: `${method} was called` }), { metadata })] as const,
    );
    server.handle({ name: 'It', methods: Object.fromEntries(all) });
    return { start: () => server.start(), stop: () => server.stop() };
  };

test('the scopes of one command open no other, whatever an endpoint is called', async () => {
  const methods = { Look: { command: 'look', scopes: 'viewer' }, Wipe: { command: 'wipe' } };
  const grpc = { protocol: grpcServerProtocol(), address: '127.0.0.1:0' };
  await using bot = await testBot({
    services: [serving('disk', methods, grpc)],
    access: `
people: { ann: test:ann, root: test:root }
roles: { viewer: ann, admin: root }
rules: [{ command: call, people: [ann, root] }]
`,
  });
  await until(async () => (await bot.say('help wipe', { as: 'root' })).text.includes('wipe'));
  expect((await bot.say('call disk It.Look {}', { as: 'ann' })).text).toContain('Look was called');
  for (const endpoint of ['It.Wipe', 'It/Wipe', '/It/Wipe', '/disk.It/Wipe', 'it.wipe']) {
    expect(await bot.say(`call disk ${endpoint} {}`, { as: 'ann' }), endpoint).toMatchObject({ outcome: 'denied' });
  }
});

test('a service that changed while its call waited is not called by what it said before', async () => {
  const [registry, transport] = [memoryRegistry(), memoryTransport()];
  const gate = withResolvers<void>();
  const server = newServer({ name: 'disk', registry, transport });
  const calls: string[] = [];
  const metadata = { command: 'size', effect: 'read', lock: 'true', timeout: '1h' };
  const method = unary(
    async () => {
      calls.push('size');
      await gate.promise;
      return { text: 'large' };
    },
    { metadata },
  );
  server.handle({ name: 'It', methods: { Size: method } });
  await server.start();
  await using bot = await testBot({
    network: { registry, transport },
    access: 'people: { ann: test:ann, root: test:root }\nrules: [{ command: [call, stream], people: ann }]\n',
  });
  await until(async () => (await bot.say('help size', { as: 'ann' })).text.includes('size'));
  const first = bot.say('size', { as: 'ann', in: 'one' });
  await until(() => calls.length === 1);
  const waiting = ['call', 'stream'].map((verb) => bot.say(`${verb} disk It.Size {}`, { as: 'ann', in: verb }));
  await until(async () => /running[^]*waiting[^]*waiting/.test((await bot.say('jobs', { as: 'ann' })).text));
  for (const record of await registry.getService('disk')) {
    const endpoints = record.endpoints.map((each) => ({ ...each, metadata: { ...metadata, scopes: 'keeper' } }));
    await registry.register({ ...record, endpoints });
  }
  await until(async () => (await bot.say('can i size', { as: 'ann' })).text.includes('keeper'));
  gate.resolve();
  expect((await first).text).toContain('large');
  for (const each of waiting) {
    expect(await each).toMatchObject({
      outcome: 'failed',
      text: expect.stringContaining('disk was not called: it has changed since it was asked for. Ask again.') as string,
    });
  }
  expect(calls).toEqual(['size']);
  await server.stop();
});
