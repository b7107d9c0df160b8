import type { NatsConnection } from '@nats-io/transport-node';
import { type Log, silent } from '../../../log/log.ts';
import { connectNats } from '../../../nats/connection.ts';
import { NatsOptionsError, type NatsServers, natsServers } from '../../../nats/servers.ts';
import { type Broker, BrokerError } from '../broker.ts';
import { deliverJson } from '../json-delivery.ts';
import { encodeMessage } from '../json-message.ts';
import { brokerOf, serverPatienceMs, type Session } from '../session.ts';

export interface NatsBrokerOptions {
  /** Any of one cluster: `nats://user:password@host:4222`, `tls://host`, or `host:4222`. Default `nats://127.0.0.1:4222`. */
  readonly servers?: readonly string[];
  readonly log?: Log;
}

/** Events over a NATS server. A topic is a subject, a queue is a queue group. */
export function natsBroker({ servers = [], log = silent }: NatsBrokerOptions = {}): Broker {
  return brokerOf({ name: 'nats', log, patienceMs: serverPatienceMs, open: () => openSession(servers, log), check });
}

/** Longer ones do not fit into a command line of the server, and it hangs up. */
const maxNameBytes = 1024;

function check(topic: string, queue: string | undefined): void {
  const parts = topic.split('.');
  if (parts.some((part) => part === '' || part === '*' || part === '>') || !isName(topic))
    throw new BrokerError('invalid', `NATS can't have the topic ${JSON.stringify(topic)}`);
  if (queue !== undefined && !isName(queue))
    throw new BrokerError('invalid', `NATS can't have the queue ${JSON.stringify(queue)}`);
}

const isName = (text: string): boolean =>
  !/[\s\u0000-\u001f\u007f]/.test(text) && text !== '' && Buffer.byteLength(text) <= maxNameBytes;

async function openSession(servers: readonly string[], log: Log): Promise<Session> {
  const { options, shown } = serversOf(servers);
  const connection = await connectNats({ ...options, timeout: 5000 });
  const online = { now: true };
  void follow(connection, online, log);
  return {
    address: shown,
    async publish(topic, headers, body) {
      const message = encodeMessage(headers, body);
      const max = connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
      // It is ASCII but for the headers.
      if (message.length > max || Buffer.byteLength(message) > max)
        throw new BrokerError('too_large', `NATS takes ${max} bytes at most, also as JSON`);
      if (!online.now) throw new BrokerError('unreachable', 'the connection to NATS is down');
      connection.publish(topic, message);
      // The answer to a ping tells that the server has read what went before.
      await connection.flush();
    },
    async subscribe(topic, queue, delivery) {
      const subscription = connection.subscribe(topic, {
        ...(queue === undefined ? {} : { queue }),
        callback(error, message) {
          if (error !== null) log.warn('NATS refuses a subscription', { topic, error });
          else deliverJson(delivery, Buffer.from(message.data), log);
        },
      });
      try {
        await connection.flush();
      } catch (error) {
        subscription.unsubscribe();
        throw error;
      }
      return async () => {
        subscription.unsubscribe();
        // Without a server there is nothing to tell, and when it comes back it is not told of this subscription.
        if (online.now) await connection.flush();
      };
    },
    close: () => connection.close(),
  };
}

function serversOf(servers: readonly string[]): NatsServers {
  try {
    return natsServers(servers);
  } catch (error) {
    if (error instanceof NatsOptionsError) throw new BrokerError('invalid', error.message, { cause: error });
    throw error;
  }
}

async function follow(connection: NatsConnection, online: { now: boolean }, log: Log): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect' && online.now) {
      online.now = false;
      log.warn('the connection to NATS was lost', { server: status.server });
    } else if (status.type === 'reconnect') {
      online.now = true;
      log.info('connected to NATS again', { server: status.server });
    } else if (status.type === 'error') log.warn('NATS reports an error', { error: status.error });
  }
}
