import { newServer } from '../../../src/runtime/server/micro.ts';
import type { ServiceRecord } from '../../../src/discovery/registry.ts';
import type { ServerProtocol } from '../../../src/runtime/server/protocol.ts';
import { subscriber } from '../../../src/runtime/server/server.ts';
import { httpTransport } from '../../../src/runtime/transport/http/http.ts';
import { type GoFlags, go, publishGo } from '../../support/go.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';
import type { Cell, Exchange } from './cells.ts';
import { type Messages, messagesOf } from './kinds.ts';
import { codeOf, errorIn, type Observation, service } from './observation.ts';
import { ourBroker, ourRegistry, recordsOf } from './ours.ts';
import { type Hung, talk } from './talk.ts';
import { type Scope, scoped } from './scope.ts';

export interface TheyCallOptions {
  /** What we serve; mucp unless it is given. */
  readonly protocol?: ServerProtocol;
  /** The address of the broker's server, when it is NATS. */
  readonly nats?: string | undefined;
  /** How long a call may take, in milliseconds. */
  readonly patienceMs: number;
  /** What their registry is told of ours. Default: all as it is. */
  readonly told?: (records: readonly ServiceRecord[]) => readonly ServiceRecord[];
}

/** Their side begins. */
export const theyCall = (
  cell: Cell,
  { protocol, nats, patienceMs, told = (records) => records }: TheyCallOptions,
): Promise<Observation> =>
  scoped(async (scope) => {
    const { release, exchange, way } = cell;
    const messages = messagesOf[way.kind];
    const ours = await serve(scope, messages, exchange, protocol, nats);
    const flags: GoFlags = {
      registry: 'memory',
      known: JSON.stringify(told(ours.records)),
      protocol: way.protocol,
      contentType: way.contentType,
      retries: 0,
      timeout: `${patienceMs}ms`,
      metadata: 'foo-bar=x',
      ...(nats === undefined ? {} : { broker: 'nats', brokerAddress: nats }),
    };
    const ask = async (how: 'ask' | 'converse', method: string, words: readonly string[], more: GoFlags = {}) => {
      const args = [how, way.kind, service, `${messages.handler}.${method}`, ...words];
      try {
        const { answers, error } = await go<Answers>(release, args, { ...flags, ...more });
        return { answers, ...(error === undefined ? {} : { error: errorIn(error) }) };
      } catch (error) {
        return { answers: [], error: { crashed: /panic: .*|$/.exec(String(error))?.[0] } };
      }
    };
    switch (exchange) {
      case 'unary':
        return await ask('ask', 'Hello', ['Ann']);
      case 'error':
        return await ask('ask', 'Fail', ['Ann']);
      case 'metadata':
        return await ask('ask', 'Meta', ['foo-bar']);
      case 'timeout': {
        const { answers, error } = await ask('ask', 'Hang', ['Ann'], { timeout: `${limitMs}ms` });
        const { leftMs } = await until(() => ours.hung[0]);
        return { answers, error: codeOf(error), told: leftMs !== undefined && leftMs <= limitMs };
      }
      case 'server stream':
        return await ask('converse', 'Count', ['3']);
      case 'client stream':
        return await ask('converse', 'Join', ['a', 'b']);
      case 'bidirectional':
        return await ask('converse', 'Echo', ['a', 'b']);
      case 'event over http':
      case 'event over nats': {
        const publisher = await publishGo(release, [way.kind, ours.topic, 'Ann'], flags);
        scope.defer(() => publisher.end());
        await until(() => ours.heard.length > 0, patienceMs).catch(() => undefined);
        return { answers: ours.heard };
      }
      default:
        return exchange satisfies never;
    }
  });

/** Of the call to a handler that hangs: it has to get there within that, also on a machine with other work to do. */
const limitMs = 1_000;

interface Answers {
  readonly answers: readonly string[];
  readonly error?: string;
}

async function serve(
  scope: Scope,
  messages: Messages,
  exchange: Exchange,
  protocol: ServerProtocol | undefined,
  nats: string | undefined,
) {
  const registry = await ourRegistry(scope, []);
  const broker = exchange.startsWith('event') ? await ourBroker(scope, registry, nats) : undefined;
  const topic = unique('topic');
  const hung: Hung[] = [];
  const heard: string[] = [];
  const server = newServer({
    transport: httpTransport(),
    registry,
    name: service,
    address: '127.0.0.1:0',
    ...(protocol === undefined ? {} : { protocol }),
    ...(broker === undefined ? {} : { broker }),
  });
  server.handle(talk(service, messages, hung));
  if (broker !== undefined) {
    const { schema } = messages;
    server.subscribe(
      subscriber(
        topic,
        (message: unknown, context) => void heard.push(messages.read(message), context.header('foo-bar') ?? ''),
        schema === undefined ? {} : { message: schema },
      ),
    );
  }
  await server.start();
  scope.defer(() => server.stop({ graceMs: 0 }));
  return { topic, hung, heard, records: await recordsOf(registry) };
}
