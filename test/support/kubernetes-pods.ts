/** Pods of a cluster as its API stores them: with versions, a history, and the rules for labels and annotations. */

type Pairs = Readonly<Record<string, string>>;

export interface StoredPod {
  readonly name: string;
  readonly labels: Pairs;
  readonly annotations: Pairs;
  readonly phase: string;
  readonly version: number;
}

/** One step of the history: `before` and `after` are undefined where there was no pod. */
export interface Step {
  readonly version: number;
  readonly before: StoredPod | undefined;
  readonly after: StoredPod | undefined;
}

/** What a request is answered with that is not granted. */
export class Denial extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

export interface Selector {
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** The field selector that is known. */
  readonly name: string | undefined;
}

export interface Patch {
  readonly labels: Readonly<Record<string, string | null>>;
  readonly annotations: Readonly<Record<string, string | null>>;
}

export interface PodStore {
  readonly version: number;
  /** Everything before this version is forgotten. */
  readonly forgotten: number;
  get(name: string): StoredPod | undefined;
  list(selector: Selector): readonly StoredPod[];
  /** Replaces the pod; undefined removes it. What changes nothing has no version. */
  set(name: string, change: Partial<StoredPod> | undefined): void;
  patch(name: string, patch: Patch): StoredPod;
  history(after: number): readonly Step[];
  compact(): void;
  /** As if it was set up anew, with these pods. */
  wipe(names: readonly string[]): void;
  onStep(listener: (step: Step) => void): () => void;
}

const maxAnnotations = 262_144;

export function newPodStore(): PodStore {
  const pods = new Map<string, StoredPod>();
  const listeners = new Set<(step: Step) => void>();
  let steps: Step[] = [];
  let version = 100;
  let forgotten = 0;

  const set: PodStore['set'] = (name, change) => {
    const before = pods.get(name);
    if (before === undefined && change === undefined) return;
    const base = before ?? { name, labels: {}, annotations: {}, phase: 'Running', version: 0 };
    if (change !== undefined && JSON.stringify({ ...base, ...change }) === JSON.stringify(before)) return;
    version += 1;
    const after = change === undefined ? undefined : { ...base, ...change, version };
    if (after === undefined) pods.delete(name);
    else pods.set(name, after);
    const step = { version, before, after };
    steps.push(step);
    for (const listener of listeners) listener(step);
  };

  return {
    get version() {
      return version;
    },
    get forgotten() {
      return forgotten;
    },
    get: (name) => pods.get(name),
    list: (selector) =>
      [...pods.values()].filter((pod) => matches(pod, selector)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    set,
    patch(name, patch) {
      const pod = pods.get(name);
      if (pod === undefined) throw new Denial(404, 'NotFound', `pods ${JSON.stringify(name)} not found`);
      const labels = merged(pod.labels, patch.labels);
      const annotations = merged(pod.annotations, patch.annotations);
      for (const [key, value] of Object.entries(labels)) {
        check(name, 'labels', key);
        if (!/^(|[A-Za-z0-9]|[A-Za-z0-9][-A-Za-z0-9_.]{0,61}[A-Za-z0-9])$/.test(value))
          throw invalid(name, `metadata.labels: Invalid value: ${JSON.stringify(value)}`);
      }
      for (const key of Object.keys(annotations)) check(name, 'annotations', key);
      const size = Object.entries(annotations).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
      if (size > maxAnnotations)
        throw invalid(name, `metadata.annotations: Too long: may not be more than ${maxAnnotations} bytes`);
      set(name, { labels, annotations });
      return pods.get(name) ?? pod;
    },
    history: (after) => steps.filter((step) => step.version > after),
    compact() {
      steps = [];
      version += 1;
      forgotten = version;
    },
    wipe(names) {
      pods.clear();
      steps = [];
      version = 1;
      forgotten = 0;
      for (const name of names) set(name, {});
    },
    onStep(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const matches = (pod: StoredPod, { labels, name }: Selector): boolean =>
  (name === undefined || pod.name === name) && labels.every(([key, value]) => pod.labels[key] === value);

/** Reads selectors of equality. */
export function newSelector(labelSelector: string, fieldSelector: string): Selector {
  const labels = labelSelector
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [key = '', value = ''] = part.split('=');
      const wrong = nameFault(key);
      if (wrong !== undefined) throw new Denial(400, 'BadRequest', `unable to parse requirement: ${wrong}`);
      return [key, value] as const;
    });
  const field = /^(?:|metadata\.name=(.+))$/.exec(fieldSelector);
  if (field === null) throw new Denial(400, 'BadRequest', `field label not supported: ${fieldSelector}`);
  return { labels, name: field[1] };
}

function check(pod: string, field: string, key: string): void {
  const wrong = nameFault(key);
  if (wrong !== undefined) throw invalid(pod, `metadata.${field}: ${wrong}`);
}

function nameFault(key: string): string | undefined {
  const name = key.split('/').at(-1) ?? '';
  if (name.length > 63) return `Invalid value: ${JSON.stringify(key)}: name part must be no more than 63 bytes`;
  if (/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)) return undefined;
  return `Invalid value: ${JSON.stringify(key)}: name part must start and end with an alphanumeric character`;
}

const invalid = (pod: string, message: string): Denial =>
  new Denial(422, 'Invalid', `Pod ${JSON.stringify(pod)} is invalid: ${message}`);

function merged(pairs: Pairs, changes: Readonly<Record<string, string | null>>): Pairs {
  const result: Record<string, string> = { ...pairs };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete result[key];
    else result[key] = value;
  }
  return result;
}
