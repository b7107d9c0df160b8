import type { Node } from '../../discovery/registry.ts';

export interface MarkOptions {
  /** So many failures within the window set a node aside. Default 1: to ask another node first costs nothing. */
  readonly failures?: number;
  /** Milliseconds, default 10,000. */
  readonly windowMs?: number;
  /** How long a node stays aside before a call probes it, in milliseconds. Doubles with each probe that fails. Default 3,000. */
  readonly avoidMs?: number;
  /** Where that doubling ends. Default 30,000. */
  readonly maxAvoidMs?: number;
}

interface Mark {
  failures: number;
  /** The first of them. */
  readonly since: number;
  /** Undefined as long as the node is not aside. */
  aside: { readonly until: number; readonly stepMs: number; readonly probed: boolean } | undefined;
}

/** What is remembered of the nodes that could not be reached lately, by address. A node that was never marked costs one look into an empty map. */
export class Marks {
  readonly #services = new Map<string, Map<string, Mark>>();
  readonly #failures: number;
  readonly #windowMs: number;
  readonly #avoidMs: number;
  readonly #maxAvoidMs: number;

  constructor({ failures = 1, windowMs = 10_000, avoidMs = 3000, maxAvoidMs = 30_000 }: MarkOptions) {
    this.#failures = failures;
    this.#windowMs = windowMs;
    this.#avoidMs = avoidMs;
    this.#maxAvoidMs = Math.max(avoidMs, maxAvoidMs);
  }

  /** Whether any node of the service is marked. */
  has(service: string): boolean {
    return this.#services.size > 0 && this.#services.has(service);
  }

  /** The nodes that are not aside. Among them may be one whose time is over: whoever is given it probes it. */
  usable(service: string, nodes: readonly Node[]): readonly Node[] {
    const marks = this.#services.get(service);
    if (marks === undefined) return nodes;
    const now = performance.now();
    this.#forget(service, marks, now);
    return nodes.filter(({ address }) => {
      const aside = marks.get(address)?.aside;
      return aside === undefined || aside.until <= now;
    });
  }

  /** A call goes to this node. If that is its probe, the others go on avoiding it until the probe has ended, or for as long again. */
  picked(service: string, { address }: Node): void {
    const mark = this.#services.get(service)?.get(address);
    const now = performance.now();
    if (mark?.aside === undefined || mark.aside.until > now) return;
    const { stepMs } = mark.aside;
    mark.aside = { until: now + stepMs, stepMs, probed: true };
  }

  reached(service: string, { address }: Node): void {
    if (this.#services.size === 0) return;
    const marks = this.#services.get(service);
    if (marks?.delete(address) === true && marks.size === 0) this.#services.delete(service);
  }

  failed(service: string, { address }: Node): void {
    const now = performance.now();
    const marks = this.#services.get(service) ?? new Map<string, Mark>();
    this.#forget(service, marks, now);
    const mark = marks.get(address) ?? { failures: 0, since: now, aside: undefined };
    marks.set(address, mark);
    this.#services.set(service, marks);
    mark.failures += 1;
    if (mark.aside === undefined) {
      if (mark.failures >= this.#failures) mark.aside = this.#aside(now, this.#avoidMs);
    } else if (mark.aside.probed) mark.aside = this.#aside(now, Math.min(mark.aside.stepMs * 2, this.#maxAvoidMs));
    // Else it is a call that was under way before: it tells nothing new.
  }

  reset(service: string): void {
    this.#services.delete(service);
  }

  #aside(now: number, stepMs: number): Mark['aside'] {
    return { until: now + stepMs, stepMs, probed: false };
  }

  /** Failures outside of the window, and nodes that nobody has asked for so long that they have probably left. */
  #forget(service: string, marks: Map<string, Mark>, now: number): void {
    for (const [address, { since, aside }] of marks) {
      const endsAt = aside === undefined ? since + this.#windowMs : aside.until + this.#maxAvoidMs;
      if (endsAt < now) marks.delete(address);
    }
    if (marks.size === 0) this.#services.delete(service);
  }
}
