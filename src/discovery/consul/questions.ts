import { z } from 'zod';
import { newComplaints } from '../complaints.ts';
import type { Log } from '../../log/log.ts';
import { RegistryError } from '../registry.ts';
import type { Agent } from './agent.ts';
import { type Entries, newEntryReader, type OnBroken } from './entries.ts';
import { inPath, isAskable } from './names.ts';

/** What Consul says of one service. */
export interface Health extends Entries {
  readonly index: number;
}

export interface Names {
  readonly index: number;
  readonly names: ReadonlySet<string>;
}

/** The checks that failed, by a key of their own. */
export interface Critical {
  readonly index: number;
  readonly checks: ReadonlyMap<string, FailedCheck>;
}

export interface FailedCheck {
  /** Empty when a whole machine failed. */
  readonly service: string;
  readonly host: string;
}

export interface Since {
  /** When this is still how things are, the answer is undefined. Default: it is always given. */
  readonly index?: number | undefined;
  /** How long Consul may wait until things are otherwise. Default: it answers at once. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** All reject like `Agent.ask`, and with `unavailable` for answers that are none of Consul's. */
export interface Questions {
  health(name: string, since?: Since): Promise<Health | undefined>;
  /** Of those services that can be asked for; without Consul's own. */
  names(since?: Since): Promise<Names | undefined>;
  critical(since?: Since): Promise<Critical | undefined>;
}

/** The service of Consul's servers, which nobody registered. */
const consulItself = 'consul';

const text = z.string();
const entriesShape = z.array(z.unknown());
const namesShape = z.record(text, z.unknown());
const checksShape = z.array(z.object({ Node: text, CheckID: text, ServiceName: text }));

export function newQuestions(agent: Agent, log: Log): Questions {
  const complain = newComplaints(log);
  const onBroken: OnBroken = (what, key, fields) => complain(key, `Consul: ${what} is left out`, fields);

  const readEntries = newEntryReader(onBroken);

  const canBeAsked = (name: string): boolean => {
    const can = isAskable(name);
    if (!can) onBroken('a service that cannot be asked for', name, { service: name });
    return can;
  };

  /** Whatever the state of the cluster says: never that of a server which has lost the others, as go-micro's readers put up with. */
  const ask = async <T>(path: string, shape: z.ZodType<T>, since: Since): Promise<Found<T> | undefined> => {
    const { index: knownIndex, waitMs, signal } = since;
    const answer = await agent.ask({
      method: 'GET',
      path: waitMs === undefined ? path : `${path}?index=${knownIndex ?? 0}&wait=${waitMs}ms`,
      ...(waitMs === undefined ? {} : { waitMs }),
      ...(knownIndex === undefined ? {} : { knownIndex }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (answer.body === undefined) return undefined;
    const { data } = shape.safeParse(json(answer.body));
    if (data === undefined || answer.index === undefined) {
      throw new RegistryError('unavailable', `${answer.from} does not answer as Consul does`);
    }
    return { index: answer.index, found: data };
  };

  return {
    async health(name, since = {}) {
      const answer = await ask(`/health/service/${inPath(name)}`, entriesShape, since);
      return answer === undefined ? undefined : { index: answer.index, ...readEntries(name, answer.found) };
    },
    async names(since = {}) {
      const answer = await ask('/catalog/services', namesShape, since);
      if (answer === undefined) return undefined;
      const names = Object.keys(answer.found).filter((name) => name !== consulItself && canBeAsked(name));
      return { index: answer.index, names: new Set(names) };
    },
    async critical(since = {}) {
      const answer = await ask('/health/state/critical', checksShape, since);
      if (answer === undefined) return undefined;
      const checks = answer.found.map(
        ({ Node, CheckID, ServiceName }) => [`${Node}/${CheckID}`, { service: ServiceName, host: Node }] as const,
      );
      return { index: answer.index, checks: new Map(checks) };
    },
  };
}

interface Found<T> {
  readonly index: number;
  readonly found: T;
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
