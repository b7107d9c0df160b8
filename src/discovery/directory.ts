import type { ServiceRecord } from './registry.ts';

/** One record a version, newest first; each has nodes. */
export type Versions = readonly ServiceRecord[];

/** How far what the directory says can be relied on. Times are milliseconds since the epoch. */
export type DirectoryState =
  /** Not everything was seen yet. */
  | { readonly kind: 'starting'; readonly since: number; readonly error: Error | undefined }
  /** It is what the registry says. */
  | { readonly kind: 'connected'; readonly since: number }
  /** The registry was lost: it is what was known then. */
  | { readonly kind: 'stale'; readonly since: number; readonly error: Error };

/** Everything a registry says, followed all the time: lists and lookups are answered from memory, whatever becomes of the registry. */
export interface Directory {
  /** The registry driver's name. */
  readonly registry: string;
  /** All services that run, by name. Changes in place; the lists in it are replaced, never changed. */
  readonly services: ReadonlyMap<string, Versions>;
  readonly state: DirectoryState;
  /** Resolves when everything was seen for the first time. Never rejects; closing resolves it, too. */
  readonly ready: Promise<void>;
  /**
   * The nodes to choose from. At once when the service is known, also while the registry is lost; otherwise the registry is asked, since it
   * may have news that has not come yet, but not again and again. Empty when the service is unknown; rejects with a `RegistryError`.
   */
  lookup(name: string): Versions | Promise<Versions>;
  /** Told after each change of a service, and of the state. After a listing all names that differ come at once. */
  onChange(listener: (names: ReadonlySet<string>) => void): Subscription;
  /** Stops following. May be called twice. The registry stays its owner's to close. */
  close(): Promise<void>;
}

export interface Subscription {
  end(): void;
}
