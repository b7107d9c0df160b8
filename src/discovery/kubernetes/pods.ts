import { z } from 'zod';
import { deadline } from '../../async/deadline.ts';
import { RegistryError } from '../registry.ts';
import type { Api } from './api.ts';
import { announced } from './keys.ts';
import { Refusal } from './refusal.ts';

/** What counts of a pod. */
export interface Pod {
  readonly name: string;
  /** What it announces, by slug; nothing unless it runs. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The pods at one moment, which is where a watch goes on from. */
export interface PodList {
  readonly pods: readonly Pod[];
  readonly version: string;
}

/** How long an answer may take, and what makes it needless. */
export interface Wait {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

const pairs = z
  .record(z.string(), z.string())
  .nullish()
  .transform((given) => given ?? {});
const podMetadata = z.object({ name: z.string(), labels: pairs, annotations: pairs });
const pod = z
  .object({ metadata: podMetadata, status: z.object({ phase: z.string().nullish() }).nullish() })
  .transform(({ metadata: { name, labels, annotations }, status }) => ({
    name,
    texts: status?.phase === 'Running' ? announced(labels, annotations) : new Map<string, string>(),
  }));
const version = z.string().min(1);
const page = z.object({
  metadata: z.object({ resourceVersion: version, continue: z.string().nullish() }),
  items: z
    .array(pod)
    .nullish()
    .transform((items) => items ?? []),
});
const event = z.object({ object: z.object({ metadata: z.object({ resourceVersion: version }) }) });

/** As many pods are asked for at a time as Kubernetes' own programs ask for. */
const pageSize = '500';

/** Throws `unavailable` when it is no pod. */
export const readPod = (json: unknown): Pod => read(pod, json);

/** The moment of an event of a watch. */
export const versionOf = (json: unknown): string => read(event, json).object.metadata.resourceVersion;

/** All pods that match, by name. Each page has the time of one answer. */
export async function listPods(api: Api, query: Readonly<Record<string, string>>, wait: Wait): Promise<PodList> {
  try {
    return await listPages(api, { ...query, limit: pageSize }, wait);
  } catch (error) {
    if (!(error instanceof Refusal && error.isGone)) throw error;
    // It took so long that its beginning is forgotten, and there is no rest that fits it: then all at once.
    return listPages(api, query, wait);
  }
}

async function listPages(
  api: Api,
  query: Readonly<Record<string, string>>,
  { signal, timeoutMs }: Wait,
): Promise<PodList> {
  const pods: Pod[] = [];
  for (let more = {}; ; ) {
    using limit = deadline(signal, timeoutMs);
    const { items, metadata } = read(page, await api.ask({ verb: 'list', query: { ...query, ...more } }, limit));
    pods.push(...items);
    const { continue: next, resourceVersion } = metadata;
    if (next === undefined || next === null || next === '')
      return { pods: pods.toSorted(byName), version: resourceVersion };
    more = { continue: next };
  }
}

function read<T>(schema: z.ZodType<T>, json: unknown): T {
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  throw new RegistryError('unavailable', 'the Kubernetes API answered something else than pods', { cause: error });
}

const byName = (a: Pod, b: Pod): number => (a.name < b.name ? -1 : 1);
