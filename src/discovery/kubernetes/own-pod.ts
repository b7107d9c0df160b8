import { setMaxListeners } from 'node:events';
import { deadline } from '../../async/deadline.ts';
import { type Resolvers, withResolvers } from '../../async/queue.ts';
import { RegistryError, type ServiceRecord } from '../registry.ts';
import { withoutNodes } from '../versions.ts';
import { recordsIn, textOf } from './announcement.ts';
import type { Api } from './api.ts';
import { announcement, isBearable, newSlug, slugOf } from './keys.ts';
import { listPods } from './pods.ts';
import { Refusal } from './refusal.ts';

type Records = readonly ServiceRecord[];

/** The pod this process runs in, which announces what is registered here. */
export interface OwnPod {
  /** `stays`: closing leaves it where it is. */
  put(service: ServiceRecord, stays: boolean): Promise<void>;
  take(service: ServiceRecord): Promise<void>;
  /** Takes everything back, and accepts nothing more. */
  close(): Promise<void>;
}

export interface OwnPodOptions {
  readonly api: Api;
  readonly name: string;
  readonly timeoutMs: number;
}

/** A change that waits for its turn: one at a time, or the pod would say in the end what was overtaken. */
interface Job {
  readonly slug: string;
  readonly change: (records: Records) => Records;
  /** What somebody else registered in this pod, for a change to that. */
  readonly foreign: Records | undefined;
  readonly done: Resolvers<void>;
}

export function newOwnPod({ api, name, timeoutMs }: OwnPodOptions): OwnPod {
  /** What the pod says on behalf of this process, by slug, the newest record first. */
  const held = new Map<string, Records>();
  /** What it may say, as far as is known: a patch that nobody answered may have been applied. */
  const touched = new Set<string>();
  /** The ids of nodes that closing leaves where they are. */
  const staying = new Map<string, ReadonlySet<string>>();
  const stop = new AbortController();
  // Everybody who waits listens.
  setMaxListeners(0, stop.signal);
  /** Ends the patch that is under way. */
  const cut = new AbortController();
  let jobs: Job[] = [];
  let working: Promise<void> | undefined;

  const patch = async (
    next: ReadonlyMap<string, Records>,
    parent: AbortSignal | undefined,
    ms: number,
  ): Promise<void> => {
    using limit = deadline(parent, ms);
    for (const slug of next.keys()) touched.add(slug);
    const texts = new Map([...next].map(([slug, records]) => [slug, textOf(records)]));
    await api.ask({ verb: 'patch', pod: name, patch: { metadata: announcement(texts), status: null } }, limit);
    for (const [slug, records] of next) if (records.length === 0) touched.delete(slug);
  };

  const perform = async (batch: readonly Job[]): Promise<void> => {
    const next = new Map<string, Records>();
    const foreign = new Set<string>();
    for (const { slug, change, foreign: others } of batch) {
      // What is registered here replaces what others said, also what is just being changed of that.
      const known = others === undefined && foreign.has(slug) ? undefined : (next.get(slug) ?? held.get(slug));
      if (others !== undefined && (known === undefined || foreign.has(slug))) foreign.add(slug);
      else foreign.delete(slug);
      next.set(slug, change(known ?? others ?? []));
    }
    try {
      await patch(next, cut.signal, timeoutMs);
      for (const [slug, records] of next) {
        if (foreign.has(slug)) touched.delete(slug);
        else if (records.length === 0) held.delete(slug);
        else held.set(slug, records);
      }
      for (const job of batch) job.done.resolve();
    } catch (error) {
      // What is wrong with one change must not stand in the way of the others.
      if (batch.length > 1 && error instanceof RegistryError && error.code === 'invalid')
        for (const job of batch) await perform([job]);
      else for (const job of batch) job.done.reject(refused(error));
    }
  };

  const refused = (cause: unknown): Error => {
    if (!isNoPod(cause)) return cause as Error;
    const hint = `Only a pod can be registered: is ${name} the name of this one?`;
    return new RegistryError('invalid', `${cause.message}. ${hint}`, { cause });
  };

  const work = async (): Promise<void> => {
    while (jobs.length > 0) {
      const batch = jobs;
      jobs = [];
      await perform(batch);
    }
  };

  const submit = async (slug: string, change: Job['change'], foreign?: Records): Promise<void> => {
    stop.signal.throwIfAborted();
    const job: Job = { slug, change, foreign, done: withResolvers<void>() };
    using limit = deadline(stop.signal, timeoutMs);
    const giveUp = (): void => {
      jobs = jobs.filter((other) => other !== job);
      const { reason } = limit.signal;
      job.done.reject(reason instanceof RegistryError ? reason : overdue(timeoutMs));
    };
    limit.signal.addEventListener('abort', giveUp, { once: true });
    jobs.push(job);
    working ??= work().finally(() => {
      working = undefined;
    });
    await job.done.promise;
  };

  const hasName = (): void => {
    if (name === '')
      throw new RegistryError(
        'invalid',
        'Kubernetes registers pods only, and this process knows of none that is its own (HOSTNAME is not set)',
      );
  };

  /** What the pod says that was not registered here: by an earlier process, for example. */
  const readForeign = async (slug: string): Promise<Records> => {
    const wait = { signal: stop.signal, timeoutMs };
    const { pods } = await listPods(api, { fieldSelector: `metadata.name=${name}` }, wait);
    const text = pods[0]?.texts.get(slug);
    return text === undefined ? [] : recordsIn(text, slug, () => {});
  };

  const stayingOf = (slug: string): Records =>
    (held.get(slug) ?? [])
      .map((record) => ({ ...record, nodes: record.nodes.filter(({ id }) => staying.get(slug)?.has(id) === true) }))
      .filter(({ nodes }) => nodes.length > 0);

  return {
    async put(service, stays) {
      const slug = newSlug(service.name);
      hasName();
      if (service.nodes.length > 0) await submit(slug, (records) => withService(records, service));
      if (stays) staying.set(slug, new Set([...(staying.get(slug) ?? []), ...service.nodes.map(({ id }) => id)]));
    },
    async take(service) {
      hasName();
      if (!isBearable(service.name)) return;
      const slug = slugOf(service.name);
      const change = (records: Records): Records => withoutService(records, service);
      if (touched.has(slug) || jobs.some((job) => job.slug === slug)) return submit(slug, change);
      const foreign = await readForeign(slug);
      if (change(foreign) !== foreign) await submit(slug, change, foreign);
    },
    async close() {
      const beganAt = Date.now();
      stop.abort(new RegistryError('closed', 'the Kubernetes registry is closed'));
      // A patch under way may be applied later than the one that takes all back, so it is waited for, but not for all of the time.
      const patience = setTimeout(() => cut.abort(), timeoutMs / 2);
      await working;
      clearTimeout(patience);
      const left = new Map([...touched].map((slug) => [slug, stayingOf(slug)]));
      if (left.size === 0) return;
      try {
        await patch(left, undefined, timeoutMs - (Date.now() - beganAt));
      } catch (error) {
        // With the pod its records have gone.
        if (!isNoPod(error)) throw error;
      }
    },
  };
}

const isNoPod = (error: unknown): error is Refusal => error instanceof Refusal && error.status === 404;

const overdue = (timeoutMs: number): RegistryError =>
  new RegistryError('unavailable', `the Kubernetes API did not take the change within ${timeoutMs} ms`);

/** The record's nodes come in; other versions and other names stay. */
function withService(records: Records, service: ServiceRecord): Records {
  const rest = withoutService(records, service);
  const isSame = (record: ServiceRecord): boolean => record.name === service.name && record.version === service.version;
  const known = rest.find(isSame)?.nodes ?? [];
  return [{ ...service, nodes: [...known, ...service.nodes] }, ...rest.filter((record) => !isSame(record))];
}

/** The very same records when there is none of these nodes. */
function withoutService(records: Records, { name, nodes }: ServiceRecord): Records {
  const ids = new Set(nodes.map(({ id }) => id));
  const isHit = (record: ServiceRecord): boolean => record.name === name && record.nodes.some(({ id }) => ids.has(id));
  return records.some(isHit)
    ? records.flatMap((record) => (isHit(record) ? withoutNodes([record], ids) : [record]))
    : records;
}
