import { newClient } from '../../../src/runtime/client/micro.ts';
import type { Client, Request } from '../../../src/runtime/client/client.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';
import type { GoService } from '../../support/go.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';
import type { Cell, Exchange } from './cells.ts';
import { type Messages, messagesOf } from './kinds.ts';
import { codeOf, errorOf, type Observation, service } from './observation.ts';
import { ourBroker, ourRegistry } from './ours.ts';
import { type Scope, scoped } from './scope.ts';

/** A Go service, and the NATS server of its broker if it is of that kind. */
export interface GoPeer {
  readonly go: GoService;
  readonly nats: string | undefined;
  readonly topic: string;
}

/** Our side begins. `patienceMs` is how long we wait where an answer may never come. */
export const weCall = ({ way, exchange }: Cell, peer: GoPeer, patienceMs: number): Promise<Observation> =>
  scoped(async (scope) => {
    const messages = messagesOf[way.kind];
    const client = await ourClient(scope, peer, exchange);
    const ask = { client, contentType: way.contentType, messages, patienceMs };
    switch (exchange) {
      case 'unary':
        return await call(ask, 'Hello', 'Ann');
      case 'error':
        return await call(ask, 'Fail', 'Ann');
      case 'metadata':
        return await call(ask, 'Meta', 'foo-bar');
      case 'timeout':
        return await hang(ask, peer.go);
      case 'server stream':
        return await converse(scope, ask, 'Count', ['3']);
      case 'client stream':
        return await converse(scope, ask, 'Join', ['a', 'b']);
      case 'bidirectional':
        return await converse(scope, ask, 'Echo', ['a', 'b']);
      case 'event over http':
      case 'event over nats':
        return await publish(ask, peer, `${peer.topic}-${way.kind}`);
      default:
        return exchange satisfies never;
    }
  });

interface Ask {
  readonly client: Client;
  readonly contentType: string;
  readonly messages: Messages;
  readonly patienceMs: number;
}

async function ourClient(scope: Scope, { go, nats }: GoPeer, exchange: Exchange): Promise<Client> {
  const registry = await ourRegistry(scope, go.records);
  const broker = exchange.startsWith('event') ? await ourBroker(scope, registry, nats) : undefined;
  const client = newClient({ transport: httpTransport(), registry, ...(broker === undefined ? {} : { broker }) });
  scope.defer(() => client.close());
  return client;
}

function request({ contentType, messages }: Ask, method: string): Request {
  const { schema, handler } = messages;
  const schemas = schema === undefined ? {} : { requestSchema: schema, responseSchema: schema };
  return { service, endpoint: `${handler}.${method}`, contentType, ...schemas };
}

async function call(ask: Ask, method: string, text: string, timeoutMs = ask.patienceMs): Promise<Observation> {
  const { client, messages } = ask;
  try {
    const body = messages.write(text);
    const options = { timeoutMs, retries: 0, metadata: { 'foo-bar': 'x' } };
    return { answers: [messages.read(await client.call({ ...request(ask, method), body }, options))] };
  } catch (error) {
    return { answers: [], error: errorOf(error) };
  }
}

async function hang(ask: Ask, go: GoService, limitMs = 300): Promise<Observation> {
  const text = unique('hang');
  const { answers, error } = await call(ask, 'Hang', text, limitMs);
  // It waits for a minute, so it can only have ended because it knew the limit, or saw us go.
  const ended = until(() => go.reports().find((report) => (report as { hang?: string }).hang === text), 5_000);
  if (limitMs > 300) return { answers, error: codeOf(error), told: (await ended) !== undefined };
  // A machine with other work to do may not bring the call there before its time is over: then there is more of it.
  return await ended.then(
    () => ({ answers, error: codeOf(error), told: true }),
    () => hang(ask, go, 5_000),
  );
}

async function converse(scope: Scope, ask: Ask, method: string, texts: readonly string[]): Promise<Observation> {
  const { client, messages, patienceMs } = ask;
  const answers: string[] = [];
  try {
    const stream = await client.stream(request(ask, method), { timeoutMs: patienceMs, retries: 0 });
    scope.defer(() => stream.close());
    for (const text of texts) await stream.send(messages.write(text));
    await stream.closeSend();
    for await (const message of stream) answers.push(messages.read(message));
    return { answers };
  } catch (error) {
    return { answers, error: errorOf(error) };
  }
}

interface Heard {
  readonly heard: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function publish(ask: Ask, { go }: GoPeer, topic: string): Promise<Observation> {
  const { client, contentType, messages, patienceMs } = ask;
  const { schema } = messages;
  const text = unique('Ann');
  const body = messages.write(text);
  const message = { topic, contentType, body, ...(schema === undefined ? {} : { schema }) };
  try {
    await client.publish(message, { metadata: { 'foo-bar': 'x' } });
  } catch (error) {
    return { answers: [], error: errorOf(error) };
  }
  const heard = (): Heard | undefined => (go.reports() as readonly Heard[]).find((report) => report.heard === text);
  const event = await until(heard, patienceMs).catch(() => undefined);
  return { answers: event === undefined ? [] : ['Ann', headerIn(event.headers)] };
}

const headerIn = (headers: Heard['headers']): string =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === 'foo-bar')?.[1] ?? '';
