import type { Alarms } from '../../../async/alarms.ts';
import type { Log } from '../../../log/log.ts';
import type { Api } from '../api.ts';
import type { Bucket } from './bucket.ts';
import type { Hooks } from './hooks.ts';
import type { Order } from '../../../async/order.ts';
import type { Reactions } from './reactions.ts';
import type { Scopes } from './scopes.ts';

/** What all that is said goes through. */
export interface Desk {
  /** The Web API with the token of a workspace. */
  readonly api: (team: string) => Api;
  readonly hooks: Hooks;
  readonly order: Order;
  /** How often a channel takes a message. */
  readonly messages: (team: string, channel: string) => Bucket;
  /** How often a workspace lets messages be changed. */
  readonly changes: (team: string) => Bucket;
  readonly reactions: Reactions;
  readonly scopes: Scopes;
  readonly alarms: Alarms;
  /** How long a progress stands at least. */
  readonly paceMs: number;
  readonly log: Log;
  /** Aborts when nothing is sent any more. */
  readonly signal: AbortSignal;
}
