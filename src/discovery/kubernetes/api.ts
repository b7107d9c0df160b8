import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import type { Deadline } from '../../async/deadline.ts';
import { sleep } from '../../async/sleep.ts';
import { plainReason } from '../plain-reason.ts';
import { RegistryError } from '../registry.ts';
import type { Access, Place } from './access.ts';
import type { Outage } from '../outage.ts';
import { type Asked, Refusal, refusalOf, type Verb } from './refusal.ts';

/** A question about the pods of the namespace. */
export interface Question {
  readonly verb: Verb;
  /** One pod. Default: all of them. */
  readonly pod?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly patch?: object;
}

/** The API server, of which every answer is due in time. All throw a `RegistryError`, a `Refusal` when the server said no. */
export interface Api {
  /** Asks until it is answered or the limit aborts: the server may ask to be asked again. Gives the JSON. */
  ask(question: Question, limit: Deadline): Promise<unknown>;
  /** A stream that has begun within the limit; it lasts until it ends or `life` is aborted. */
  stream(question: Question, limit: Deadline, life: AbortController): Promise<Readable>;
  /** Whom a question is put to, for sentences. */
  asked(verb: Verb): Promise<Asked>;
  close(): Promise<void>;
}

export interface ApiOptions {
  readonly access: Access;
  readonly outage: Outage;
  readonly timeoutMs: number;
}

const firstPauseMs = 100;
const maxPauseMs = 1000;

export function newApi({ access, outage, timeoutMs }: ApiOptions): Api {
  /** The server that answered last. */
  let place = access.places[0] as Place;
  let agent: Promise<Agent> | undefined;
  const servers = `the Kubernetes API at ${access.places.map(({ origin, path }) => origin + path).join(' or ')}`;

  const newAgent = async (): Promise<Agent> => {
    const { insecure = false, ...pem } = await access.tls();
    return new Agent({ connect: { ...pem, rejectUnauthorized: !insecure, timeout: timeoutMs }, allowH2: false });
  };

  const dispatcher = (): Promise<Agent> => {
    // The files of the cluster may come late; what could not be read is read again.
    agent ??= newAgent().catch((error: unknown) => {
      agent = undefined;
      throw error;
    });
    return agent;
  };

  const send = async (question: Question, signal: AbortSignal): Promise<Dispatcher.ResponseData> => {
    const { verb, pod, query = {}, patch } = question;
    const authorization = await access.authorization(place);
    const namespace = encodeURIComponent(await access.namespace());
    const one = pod === undefined ? '' : `/${encodeURIComponent(pod)}`;
    const path = `${place.path}/api/v1/namespaces/${namespace}/pods${one}`;
    return (await dispatcher()).request({
      origin: place.origin,
      path: Object.keys(query).length === 0 ? path : `${path}?${new URLSearchParams(query).toString()}`,
      method: verb === 'patch' ? 'PATCH' : 'GET',
      headers: {
        accept: 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
        ...(patch === undefined ? {} : { 'content-type': 'application/strategic-merge-patch+json' }),
      },
      body: patch === undefined ? null : JSON.stringify(patch),
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  };

  /** Tries each server, and one time more: a connection that was kept open may be a dead one, and that shows only now. */
  const reach = async <T>(limit: Deadline, attempt: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await attempt();
      } catch (cause) {
        if (limit.signal.aborted) throw overdue(limit, cause);
        if (cause instanceof RegistryError) throw cause;
        if (tries === access.places.length) throw unreachable(cause);
        place = access.places[(access.places.indexOf(place) + 1) % access.places.length] as Place;
      }
    }
  };

  const overdue = ({ signal }: Deadline, cause: unknown): RegistryError => {
    if (signal.reason instanceof RegistryError) return signal.reason;
    return new RegistryError('unavailable', `${servers} did not answer within ${timeoutMs} ms`, { cause });
  };

  const unreachable = (cause: unknown): RegistryError =>
    new RegistryError('unavailable', `${servers} can't be reached: ${plainReason(reason(cause))}`, { cause });

  const asked = async (verb: Verb): Promise<Asked> => ({
    verb,
    server: servers,
    namespace: await access.namespace(),
  });

  /** Runs `attempt` until its answer is one, within the limit. */
  const insist = async <T>(limit: Deadline, attempt: () => Promise<T | Later>): Promise<T> => {
    try {
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
        const outcome = await reach(limit, attempt);
        if (!(outcome instanceof Later)) {
          outage.ended();
          return outcome;
        }
        const waitMs = outcome.afterMs ?? pauseMs / 2 + (Math.random() * pauseMs) / 2;
        if (Date.now() + waitMs >= limit.expiresAt) throw outcome.refusal;
        await sleep(waitMs, limit.signal);
        if (limit.signal.aborted) throw overdue(limit, outcome.refusal);
      }
    } catch (error) {
      if (isOutage(error)) outage.began(error);
      throw error;
    }
  };

  const refused = async (response: Dispatcher.ResponseData, verb: Verb): Promise<Later> => {
    const refusal = refusalOf(response.statusCode, await response.body.text(), await asked(verb));
    if (!refusal.isTransient) throw refusal;
    return new Later(refusal, retryAfterMs(response));
  };

  return {
    ask: (question, limit) =>
      insist(limit, async () => {
        const response = await send(question, limit.signal);
        if (!isGood(response)) return refused(response, question.verb);
        const text = await response.body.text();
        return json(text, servers);
      }),
    async stream(question, limit, life) {
      const giveUp = (): void => life.abort(limit.signal.reason);
      limit.signal.addEventListener('abort', giveUp, { once: true });
      if (limit.signal.aborted) giveUp();
      try {
        return await insist(limit, async () => {
          const response = await send(question, life.signal);
          return isGood(response) ? response.body : refused(response, question.verb);
        });
      } finally {
        limit.signal.removeEventListener('abort', giveUp);
      }
    },
    asked,
    async close() {
      await agent?.then((open) => open.destroy()).catch(() => {});
    },
  };
}

/** An answer that says: ask again. */
class Later {
  readonly refusal: Refusal;
  readonly afterMs: number | undefined;

  constructor(refusal: Refusal, afterMs: number | undefined) {
    this.refusal = refusal;
    this.afterMs = afterMs;
  }
}

const isGood = ({ statusCode }: Dispatcher.ResponseData): boolean => statusCode >= 200 && statusCode < 300;

/** Who is refused for good has been answered. */
const isOutage = (error: unknown): boolean =>
  error instanceof RegistryError && error.code === 'unavailable' && !(error instanceof Refusal && !error.isTransient);

/** Whole seconds, as the API gives them. */
function retryAfterMs({ headers }: Dispatcher.ResponseData): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function json(text: string, servers: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RegistryError('unavailable', `${servers} answered something that is no JSON`, { cause });
  }
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return reason(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
