import { randomUUID } from 'node:crypto';
import { type Registry, RegistryError, type ServiceRecord } from '../../../discovery/registry.ts';
import type { Log } from '../../../log/log.ts';
import { Registration } from '../../server/registration.ts';
import { BrokerError } from '../broker.ts';
import type { Delivery } from '../delivery.ts';
import { broadcastVersion, currentService, olderService } from './generations.ts';

/** Our subscriptions to one topic with the same queue, or all those without one: to the others they are a single node. */
export interface Group {
  readonly topic: string;
  readonly queue: string | undefined;
  /** The next in a queue comes first. */
  members: readonly Delivery[];
}

export interface Groups {
  /** Resolves when the registry knows, to what takes it back. */
  join(topic: string, queue: string | undefined, delivery: Delivery): Promise<() => Promise<void>>;
  byId(id: string): Group | undefined;
}

export interface GroupsOptions {
  readonly registry: Registry;
  /** What others dial. */
  readonly address: string;
  readonly secure: boolean;
  readonly log: Log;
}

interface Registered extends Group {
  readonly id: string;
  readonly registrations: readonly Registration[];
  readonly ready: Promise<void>;
}

const ttlMs = 60_000;
const intervalMs = 30_000;
const farewellMs = 2000;

export function createGroups({ registry, address, secure, log }: GroupsOptions): Groups {
  const byKey = new Map<string, Registered>();
  const byId = new Map<string, Registered>();

  const found = (topic: string, queue: string | undefined): Registered => {
    const id = `${topic}-${randomUUID()}`;
    const node = { id, address, metadata: { broker: 'http', secure: String(secure), topic } };
    const registrations = [currentService, olderService].map((name) => {
      const record: ServiceRecord = {
        name,
        version: queue ?? broadcastVersion,
        metadata: {},
        endpoints: [],
        nodes: [node],
      };
      return new Registration({ registry, record, ttlMs, intervalMs, check: undefined, isPatient: false, log });
    });
    const ready = allOf(registrations.map((registration) => registration.start()));
    const group: Registered = { topic, queue, members: [], id, registrations, ready };
    byKey.set(keyOf(topic, queue), group);
    byId.set(id, group);
    return group;
  };

  const dissolve = async (group: Registered): Promise<void> => {
    const key = keyOf(group.topic, group.queue);
    if (byKey.get(key) === group) byKey.delete(key);
    byId.delete(group.id);
    await Promise.all(group.registrations.map((registration) => registration.stop(farewellMs)));
  };

  return {
    async join(topic, queue, delivery) {
      const group = byKey.get(keyOf(topic, queue)) ?? found(topic, queue);
      group.members = [...group.members, delivery];
      const leave = async (): Promise<void> => {
        group.members = group.members.filter((member) => member !== delivery);
        if (group.members.length === 0) await dissolve(group);
      };
      try {
        await group.ready;
      } catch (error) {
        await leave();
        throw refused(topic, error);
      }
      return leave;
    },
    byId: (id) => byId.get(id),
  };
}

/** Rejects only when all have come to their end: what one of them began must be known to be taken back. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

const keyOf = (topic: string, queue: string | undefined): string => JSON.stringify([topic, queue ?? null]);

function refused(topic: string, cause: unknown): BrokerError {
  if (cause instanceof RegistryError && cause.code === 'invalid')
    return new BrokerError('invalid', `the registry can't have a subscription to "${topic}": ${cause.message}`, {
      cause,
    });
  return new BrokerError('unreachable', 'the registry does not take the subscription', { cause });
}
