import type { ServerResponse } from 'node:http';
import { serviceCache } from '../../../discovery/cached.ts';
import type { Registry } from '../../../discovery/registry.ts';
import { type Log, silent } from '../../../log/log.ts';
import { advertisedAddress } from '../../server/advertise.ts';
import type { TlsOptions } from '../../transport/tls.ts';
import { type Broker, BrokerError } from '../broker.ts';
import { brokerOf, type Session } from '../session.ts';
import { generationsIn } from './generations.ts';
import { createGroups, type Group } from './groups.ts';
import { listenForPosts } from './listener.ts';
import { createOutbox } from './outbox.ts';
import { createPoster } from './post.ts';
import { accepted, type Posted, Refusal, refuse } from './request.ts';

export interface HttpBrokerOptions {
  /** Where subscriptions and their publishers find each other. It stays its owner's to close. */
  readonly registry: Registry;
  /** Where to listen. Default `:0`, a free port on all interfaces. */
  readonly address?: string;
  /** What others dial, a host with or without a port, when it is not what we listen on. */
  readonly advertise?: string;
  /** Speaks TLS; without it others are still reached with TLS when they ask for it. */
  readonly tls?: TlsOptions;
  /** Of one message's body. Default 67,108,864. */
  readonly maxBodyBytes?: number;
  readonly log?: Log;
}

/** Go-micro's broker without a server: subscribers are HTTP servers that publishers find in the registry. Speaks to all generations of it. */
export function httpBroker(options: HttpBrokerOptions): Broker {
  const { log = silent, maxBodyBytes = 64 * 1024 * 1024 } = options;
  return brokerOf({
    name: 'http',
    log,
    open: () => openSession(options, maxBodyBytes, log),
    check(topic) {
      if (topic === '') throw new BrokerError('invalid', 'a topic needs a name');
    },
  });
}

async function openSession(options: HttpBrokerOptions, maxBodyBytes: number, log: Log): Promise<Session> {
  const { registry, address = ':0', advertise, tls } = options;
  const receive = (posted: Posted, response: ServerResponse): void =>
    handOver(groups.byId(posted.id), posted, response);
  // Base64 and the headers come on top of the body.
  const maxBytes = Math.ceil(maxBodyBytes / 3) * 4 + 64 * 1024;
  const listener = await listenForPosts({ address, tls, maxBytes, receive, log });
  const reachable = advertisedAddress(listener.address, advertise);
  const groups = createGroups({ registry, address: reachable, secure: tls !== undefined, log });
  const cache = serviceCache(registry, { log });
  const generations = generationsIn(cache);
  const poster = createPoster(tls);
  const outbox = createOutbox(generations, poster, log);
  return {
    address: reachable,
    publish(topic, headers, body) {
      const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
      if (bytes <= maxBodyBytes) return outbox.publish(topic, headers, body);
      return Promise.reject(new BrokerError('too_large', `a body of ${bytes} bytes: ${maxBodyBytes} are allowed`));
    },
    async subscribe(topic, queue, delivery) {
      const leave = await groups.join(topic, queue, delivery);
      // What we publish from now on shall reach it.
      generations.forget(topic);
      return leave;
    },
    async close() {
      await outbox.close();
      await Promise.all([poster.close(), listener.close(), cache.close()]);
    },
  };
}

/** The answer tells the publisher whether a handler took the message: if not, it may try another. */
function handOver(group: Group | undefined, { topic, headers, body }: Posted, response: ServerResponse): void {
  const [first, ...others] = group?.members ?? [];
  if (group === undefined || first === undefined || group.topic !== topic)
    throw new Refusal(404, 404, 'Subscription not found');
  let taken = false;
  const take = (): boolean => {
    if (taken) return true;
    if (response.destroyed) return false;
    taken = true;
    accepted(response);
    return true;
  };
  let open = group.queue === undefined ? group.members.length : 1;
  const refused = (): void => {
    open -= 1;
    if (open === 0 && !taken) refuse(response, new Refusal(503, 503, 'No handler takes the message'));
  };
  if (group.queue !== undefined) group.members = [...others, first];
  const receivers = group.queue === undefined ? group.members : [first];
  // Each may do with its bytes what it likes.
  for (const [index, delivery] of receivers.entries())
    delivery.deliver({ headers: { ...headers }, body: index === 0 ? body : Buffer.from(body), take, refuse: refused });
}
