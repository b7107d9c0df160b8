import type { Places } from './entry.ts';
import { Resource, type ResourceKind } from './resource.ts';

/** Those that nobody uses are kept, because people mostly come back, until there are so many more. */
const maxResting = 1_000;

/** The resources of one kind, by their names. */
export class Pool {
  readonly #kind: ResourceKind;
  readonly #capacity: number;
  readonly #known: Map<string, Places> = new Map();
  #sweepAt = maxResting;

  constructor(kind: ResourceKind, capacity: number) {
    this.#kind = kind;
    this.#capacity = capacity;
  }

  get(name: string): Places {
    return this.#known.get(name) ?? this.#add(name);
  }

  #add(name: string): Places {
    if (this.#known.size >= this.#sweepAt) {
      for (const [each, { users }] of this.#known) if (users === 0) this.#known.delete(each);
      this.#sweepAt = this.#known.size * 2 + maxResting;
    }
    const resource: Places = new Resource(this.#kind, name, this.#capacity);
    this.#known.set(name, resource);
    return resource;
  }
}
