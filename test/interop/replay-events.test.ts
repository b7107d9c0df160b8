import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { httpBroker } from '../../src/runtime/broker/http/http.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { subscriber } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import type { Release } from '../support/go.ts';
import { posts } from '../support/posts.ts';
import { until } from '../support/until.ts';
import { parts } from './capture-parts.ts';
import { eventCaptures, eventWays, subscriberRecord, text, topic } from './event-captures.ts';
import { ourService } from './house.ts';
import type { Way } from './matrix/cells.ts';
import { messagesOf } from './matrix/kinds.ts';

/** Posts what Go posted to a subscription of ours, whose id stands in the place of the other one, and returns the answer's status line. */
async function post(address: string, id: string, request: string): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect(Number(port), host);
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    heard += chunk;
  });
  await once(socket, 'connect');
  socket.write(Buffer.from(request.replace(`id=${topic}-sub1`, `id=${encodeURIComponent(id)}`), 'latin1'));
  try {
    await until(() => heard.includes('\r\n\r\n'));
    return heard.slice(0, heard.indexOf('\r\n'));
  } finally {
    socket.destroy();
  }
}

interface Posted {
  readonly path: string;
  readonly contentType: string | undefined;
  readonly headers: object;
  readonly body: string;
}

/** What was posted, without the event's id and who published it. */
function posted(request: string): Posted {
  const [{ start, headers, body } = { start: '', headers: {}, body: '' }] = parts(titled(request));
  const { Header, Body } = JSON.parse(body) as { Header: Record<string, string>; Body: string };
  const own = new Set(['micro-id', 'micro-from-service']);
  return {
    path: start,
    contentType: headers['Content-Type'],
    headers: Object.fromEntries(
      Object.entries(Header)
        .filter(([name]) => !own.has(name.toLowerCase()))
        .map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Body,
  };
}

/** Header names as Go spells them. */
const titled = (request: string): string => {
  const end = request.indexOf('\r\n\r\n');
  const head = request
    .slice(0, end)
    .replace(/^[a-z-]+(?=:)/gim, (name) =>
      name.toLowerCase().replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase()),
    );
  return head + request.slice(end);
};

/** Where gRPC publishers leave out the five bytes that we write: see `two-forms-of-events` in matrix/bugs.json. */
const isBare = ({ protocol, contentType }: Way): boolean =>
  protocol === 'grpc' && /grpc\+(?:json|proto)$/.test(contentType);

/** Go escapes what HTML does not like, and not every publisher ends the line: JSON does not mind either. */
const message = ({ body, ...rest }: Posted, { kind }: Way): object => ({
  ...rest,
  body: kind === 'json' ? (JSON.parse(Buffer.from(body, 'base64').toString()) as unknown) : body,
});

describe.each(Object.entries(eventCaptures.read()))('with the events of %s:', (release, captured) => {
  const events = Object.entries(captured).map(([name, request]): [string, Way, string] => {
    const way = eventWays[name];
    if (way === undefined) throw new Error(`nobody publishes ${name}`);
    return [name, way, request];
  });

  it.each(events)('our subscriber hears it: %s', async (_, { kind }, request) => {
    const registry = memoryRegistry();
    const broker = httpBroker({ registry, address: '127.0.0.1:0' });
    onTestFinished(() => broker.disconnect());
    const { read, schema } = messagesOf[kind];
    const heard: string[] = [];
    const listen = subscriber(
      topic,
      (message: unknown, context) => void heard.push(read(message), context.header('foo-bar') ?? ''),
      schema === undefined ? {} : { message: schema },
    );
    await ourService('events', [], { registry, broker, subscribers: [listen] });
    const found = await registry.getService(subscriberRecord(release as Release, '').name);
    const node = found[0]?.nodes[0];
    expect(await post(node?.address ?? '', node?.id ?? '', request)).toBe('HTTP/1.1 200 OK');
    await until(() => heard.length > 0);
    expect(heard).toEqual([text, 'x']);
  });

  it.each(events.filter(([, way]) => !isBare(way)))('our publisher posts the same: %s', async (_, way, request) => {
    const registry = memoryRegistry();
    const listener = await posts();
    await registry.register(subscriberRecord(release as Release, listener.address));
    const broker = httpBroker({ registry, address: '127.0.0.1:0' });
    const client = newClient({ transport: httpTransport(), registry, broker });
    onTestFinished(async () => {
      await client.close();
      await broker.disconnect();
    });
    const { write, schema } = messagesOf[way.kind];
    const event = {
      topic,
      body: write(text),
      contentType: way.contentType,
      ...(schema === undefined ? {} : { schema }),
    };
    await client.publish(event, { metadata: { 'foo-bar': 'x' } });
    expect(message(posted(await listener.first()), way)).toEqual(message(posted(request), way));
  });
});
