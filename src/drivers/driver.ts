import type { Registry } from '../discovery/registry.ts';
import type { Log } from '../log/log.ts';

/** What can be chosen by name. A package that brings one exports a factory under this very name. */
export type DriverKind = 'registry' | 'selector' | 'transport' | 'broker' | 'codec' | 'server' | 'input';

/** What a factory is given: its own flags' values, and what it may use. */
export interface DriverOptions {
  /** From `--<kind>_address`. */
  readonly addresses: readonly string[];
  /** Not for registries themselves. */
  readonly registry: Registry | undefined;
  readonly log: Log;
}

/** Makes a driver: what the port of its kind asks for. Rejects with an `Error` whose message can be shown. */
export type DriverFactory<T> = (options: DriverOptions) => Promise<T> | T;
