import type { Metadata } from '../discovery/registry.ts';

/** Names a value that wrappers hand down to handlers. */
export interface ContextKey<T> {
  readonly id: symbol;
  readonly type?: T;
}

/** What surrounds one call: who asked, until when, and what wrappers added. */
export interface Context {
  /** What the caller sent along; look names up with `header`, which ignores case. */
  readonly metadata: Metadata;
  /** Milliseconds since the epoch, or undefined when nobody set a limit. Nested calls share it. */
  readonly deadline: number | undefined;
  /** Aborts at the deadline, when the caller goes away and when the server stops. */
  readonly signal: AbortSignal;
  header(name: string): string | undefined;
  get<T>(key: ContextKey<T>): T | undefined;
  /** A copy with one more value. */
  with<T>(key: ContextKey<T>, value: T): Context;
}
