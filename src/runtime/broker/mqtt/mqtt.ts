import { type Log, silent } from '../../../log/log.ts';
import { type Broker, BrokerError } from '../broker.ts';
import { encodeMessage } from '../json-message.ts';
import { brokerOf, serverPatienceMs, type Session } from '../session.ts';
import { serverUrl, shown } from '../url.ts';
import { type Connection, openConnection } from './connection.ts';

export interface MqttBrokerOptions {
  /** `mqtt://user:password@host:1883`, `mqtts://host`, `ws://host`, Go's `tcp://` and `ssl://`, or `host:1883`. Default `mqtt://127.0.0.1:1883`. */
  readonly url?: string;
  readonly log?: Log;
}

/** Events over an MQTT server, with quality of service 1. A queue is a shared subscription (`$share/<queue>/<topic>`). */
export function mqttBroker({ url = 'mqtt://127.0.0.1', log = silent }: MqttBrokerOptions = {}): Broker {
  const open = (): Promise<Session> => openSession(serverUrl(url, ['mqtt', 'mqtts', 'tcp', 'ssl', 'ws', 'wss']), log);
  return brokerOf({ name: 'mqtt', log, patienceMs: serverPatienceMs, open, check });
}

const maxTopicBytes = 65_535;

function check(topic: string, queue: string | undefined): void {
  // A `$` belongs to the server itself, `+` and `#` stand for others.
  if (topic === '' || /[+#\u0000]|^\$/.test(topic) || Buffer.byteLength(topic) > maxTopicBytes)
    throw new BrokerError('invalid', `MQTT can't have the topic ${JSON.stringify(topic.slice(0, 100))}`);
  if (queue !== undefined && (queue === '' || /[+#/\u0000]/.test(queue)))
    throw new BrokerError('invalid', `MQTT can't have the queue ${JSON.stringify(queue.slice(0, 100))}`);
}

/**
 * A message does not say by which of our subscriptions it came, so each queue has a connection of its own; one more has those without a
 * queue, and publishes.
 */
async function openSession(url: URL, log: Log): Promise<Session> {
  const main = await openConnection(url, undefined, log);
  const queues = new Map<string, Promise<Connection>>();

  const connectionOf = (queue: string): Promise<Connection> => {
    const known = queues.get(queue);
    if (known !== undefined) return known;
    const opening = openConnection(url, queue, log);
    queues.set(queue, opening);
    opening.catch(() => queues.delete(queue));
    return opening;
  };

  return {
    address: shown(url),
    publish: (topic, headers, body) => main.publish(topic, encodeMessage(headers, body)),
    subscribe: async (topic, queue, delivery) =>
      (queue === undefined ? main : await connectionOf(queue)).subscribe(topic, delivery),
    async close() {
      const closing = [...queues.values()].map(async (opening) => (await opening).close());
      await Promise.allSettled([main.close(), ...closing]);
    },
  };
}
