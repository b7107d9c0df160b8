import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Broker } from '../../../../src/runtime/broker/broker.ts';
import { memoryRegistry } from '../../../../src/discovery/memory/memory.ts';
import { httpBroker } from '../../../../src/runtime/broker/http/http.ts';
import { connected, type Heard, listen } from '../../../support/broker-world.ts';
import { until } from '../../../support/until.ts';
import { nodeOf, post, raw } from './peer.ts';

interface Listening {
  readonly broker: Broker;
  readonly heard: Heard;
  readonly id: string;
}

async function listening(maxBodyBytes?: number): Promise<Listening> {
  const registry = memoryRegistry();
  const limit = maxBodyBytes === undefined ? {} : { maxBodyBytes };
  const broker = await connected(httpBroker({ registry, address: '127.0.0.1:0', ...limit }));
  const heard = await listen(broker, 'events');
  const [node] = (await nodeOf(registry, 'micro.http.broker')).nodes;
  return { broker, heard, id: node?.id ?? '' };
}

const event = 'eyJhIjoieFx1MDAzY3kifQo=';
const v1 = `{"Header":{":topic":"events","Content-Type":"application/json","Micro-Id":"f30e","Micro-Topic":"events"},"Body":"${event}"}`;
const v2 = `{"Header":{"Content-Type":"application/json","Micro-Id":"9b5c","Micro-Topic":"events"},"Body":"${event}"}`;
const v6 = `{"Header":{"Content-Type":"application/json","Micro-ID":"ff4f","Micro-Topic":"events"},"Body":"${event}"}`;

describe('what publishers send to the http broker', () => {
  it.each([
    ['1.18', '/_sub', v1, { 'Content-Type': 'application/json', 'Micro-Id': 'f30e', 'Micro-Topic': 'events' }],
    ['2.9', '/', v2, { 'Content-Type': 'application/json', 'Micro-Id': '9b5c', 'Micro-Topic': 'events' }],
    ['6.10', '/', v6, { 'Content-Type': 'application/json', 'Micro-ID': 'ff4f', 'Micro-Topic': 'events' }],
    ['1.18, raw', '/_sub', '{"Header":{":topic":"events","k":"v"},"Body":"aGVsbG8="}', { k: 'v' }],
    ['any case', '/', '{"header":{"micro-TOPIC":"events"},"BODY":null}', { 'micro-TOPIC': 'events' }],
    ['any case of the older topic', '/_sub', '{"Header":{":Topic":"events"}}', {}],
    [
      'a prototype',
      '/',
      '{"Header":{"Micro-Topic":"events","__proto__":"x"}}',
      JSON.parse('{"Micro-Topic":"events","__proto__":"x"}'),
    ],
  ])('is understood: %s', async (_, path, body, headers) => {
    const { broker, heard, id } = await listening();
    const answer = await raw(broker.address, post(`${path}?id=${id}`, body));
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 0\r\n/);
    await until(() => heard.messages.length === 1);
    expect(heard.messages[0]?.headers).toEqual(headers);
    const known = body.includes(event) ? '{"a":"x\\u003cy"}\n' : body.includes('aGVsbG8=') ? 'hello' : '';
    expect(heard.bodies).toEqual([known]);
  });

  const refused = (status: number, code: number, detail: string): RegExp =>
    new RegExp(
      `^HTTP/1\\.1 ${status} [^]*\\r\\n\\r\\n\\{"id":"go\\.micro\\.broker","code":${code},"detail":"${detail}"`,
    );

  it.each([
    [
      'another method',
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      refused(405, 400, 'Method not allowed'),
    ],
    ['another path', post('/other?id=x', '{}'), refused(404, 404, 'Not found')],
    ['no JSON', post('/', '{"Header":'), refused(500, 500, 'Error parsing request body')],
    ['no object', post('/', '[]'), refused(500, 500, 'Error parsing request body')],
    ['null', post('/', 'null'), refused(500, 500, 'Error parsing request body')],
    ['headers that are no text', post('/', '{"Header":{"a":1}}'), refused(500, 500, 'Error parsing request body')],
    ['headers in a list', post('/', '{"Header":["a"]}'), refused(500, 500, 'Error parsing request body')],
    [
      'a body that is no base64',
      post('/', '{"Header":{},"Body":"?!"}'),
      refused(500, 500, 'Error parsing request body'),
    ],
    ['a body that is no text', post('/', '{"Header":{},"Body":[1]}'), refused(500, 500, 'Error parsing request body')],
    ['no topic', post('/', '{"Header":{"a":"b"},"Body":""}'), refused(500, 500, 'Topic not found')],
    ['an unknown subscription', post('/?id=events-1', v2), refused(404, 404, 'Subscription not found')],
    ['a path that is none', post('//[', v2), refused(404, 404, 'Not found')],
  ])('is refused: %s', async (_, bytes, answer) => {
    const { broker, heard } = await listening();
    expect(await raw(broker.address, bytes)).toMatch(answer);
    expect(heard.messages).toEqual([]);
  });

  it('is refused for the topic of another subscription', async () => {
    const { broker, id } = await listening();
    const answer = await raw(broker.address, post(`/?id=${id}`, v2.replace('"events"}', '"other"}')));
    expect(answer).toMatch(refused(404, 404, 'Subscription not found'));
  });

  it.each([
    ['announced', (length: number) => `Content-Length: ${length}\r\n\r\n`],
    [
      'in chunks',
      (length: number) =>
        `Transfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n${'x'.repeat(length)}\r\n0\r\n\r\n`,
    ],
  ])('is refused when it is too large: %s', async (_, rest) => {
    const { broker, id } = await listening(1024);
    const bytes = `POST /?id=${id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${rest(100_000)}`;
    expect(await raw(broker.address, bytes)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('may break off: nobody hears of it', async () => {
    const { broker, heard, id } = await listening();
    const whole = post(`/?id=${id}`, v2);
    const socket = connect(Number(broker.address.split(':')[1]), '127.0.0.1');
    socket.write(whole.slice(0, -20));
    socket.end();
    await raw(broker.address, whole);
    await until(() => heard.messages.length === 1);
  });
});
