import type { InputOutage } from '../input.ts';

/** Something that Slack sent, by a socket or over HTTP. Nothing in it is trusted: whoever needs a field checks it. */
export interface Delivery {
  readonly kind: 'events_api' | 'slash_commands' | 'interactive';
  /** An event callback, the fields of a slash command, or the payload of an interaction, as Slack documents them. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Takes a delivery. It is called right before the acknowledgement is sent, does not wait for any work and does not throw. What it returns
 * goes along with the acknowledgement (a modal that closes, for example); mostly nothing.
 */
export type Accept = (delivery: Delivery) => Readonly<Record<string, unknown>> | undefined;

/** One way by which Slack reaches us: the same delivery may come more than once, and by several of them. */
export interface Source {
  /** `socket` or `http`. */
  readonly name: string;
  /**
   * Receives until `signal` aborts, through every outage; then releases what it holds and resolves. Calls `open` when it can receive for
   * the first time. Rejects with an `InputError` only before that: `refused` for credentials, `config`, or `unavailable`.
   */
  run(accept: Accept, open: () => void, signal: AbortSignal): Promise<void>;
  /** Undefined while it can receive. */
  readonly outage: InputOutage | undefined;
}
