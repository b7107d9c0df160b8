import { RegistryError } from '../registry.ts';

const typeLabel = 'micro.mu/type';
const selectorPrefix = 'micro.mu/selector-';
const annotationPrefix = 'micro.mu/service-';
/** The value of every label. */
const mark = 'service';
/** The part of a label's name behind the slash may have 63 characters. */
const maxSlug = 63 - selectorPrefix.slice(selectorPrefix.indexOf('/') + 1).length;

type Pairs = Readonly<Record<string, string>>;

/**
 * What stands for a service in the names of labels and annotations: go-micro replaces each byte that they can't have. Services whose
 * names differ in such bytes alone share a slug.
 */
export const slugOf = (name: string): string =>
  Buffer.from(name)
    .toString('latin1')
    .replace(/[^-A-Za-z0-9_.]/g, '_');

/** Whether a pod can bear this service. */
export const isBearable = (name: string): boolean => reasonAgainst(name) === undefined;

/** The slug of a service that is to be registered. Throws `invalid` when a pod can't bear it. */
export function newSlug(name: string): string {
  const reason = reasonAgainst(name);
  if (reason === undefined) return slugOf(name);
  throw new RegistryError(
    'invalid',
    `Kubernetes can't have the service ${JSON.stringify(name.slice(0, 100))}: ${reason}`,
  );
}

function reasonAgainst(name: string): string | undefined {
  const slug = slugOf(name);
  if (slug === '') return 'a service record needs a name';
  if (slug.length > maxSlug)
    return `the name goes into a label, which has room for ${maxSlug} bytes, not ${slug.length}`;
  if (!/[A-Za-z0-9]$/.test(slug)) return 'the name goes into a label, which must end in a letter or a digit of ASCII';
  return undefined;
}

/** Selects the pods that have this service; of all services without a name. */
export const labelSelector = (service?: string): string =>
  service === undefined || !isBearable(service)
    ? `${typeLabel}=${mark}`
    : `${selectorPrefix}${slugOf(service)}=${mark}`;

/** The labels and annotations that announce these texts by slug; `null` takes one back. */
export function announcement(texts: ReadonlyMap<string, string | null>): object {
  const entries = [...texts];
  const isAny = entries.some(([, text]) => text !== null);
  const labels = entries.map(([slug, text]) => [selectorPrefix + slug, text === null ? null : mark]);
  return {
    labels: { ...(isAny ? { [typeLabel]: mark } : {}), ...Object.fromEntries(labels) },
    annotations: Object.fromEntries(entries.map(([slug, text]) => [annotationPrefix + slug, text])),
  };
}

/** The texts by slug that a pod announces. One whose label was taken away is not found by any lookup, so it does not count. */
export function announced(labels: Pairs, annotations: Pairs): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [key, text] of Object.entries(annotations)) {
    const slug = key.slice(annotationPrefix.length);
    if (key.startsWith(annotationPrefix) && labels[selectorPrefix + slug] === mark) texts.set(slug, text);
  }
  return texts;
}
