import type { Incoming } from '../incoming.ts';
import type { ClosedForm, FilledForm } from './filled.ts';

/** What Slack told us. Two with a key in common are the same thing. */
export type Seen =
  /** Somebody typed or pressed a command. */
  | { readonly kind: 'said'; readonly keys: Keys; readonly incoming: Incoming }
  /** `user` wants what runs for the thing with the key `what` to end. */
  | {
      readonly kind: 'stop';
      readonly keys: Keys;
      readonly what: string;
      readonly user: string;
    }
  /** Somebody opened the app's home. `user` is asked for it by the workspace `team`. */
  | { readonly kind: 'home'; readonly keys: Keys; readonly team: string; readonly user: string }
  /** Somebody asked for a form to write a command in. `trigger` opens it, within three seconds and once. */
  | {
      readonly kind: 'form';
      readonly keys: Keys;
      readonly team: string;
      readonly user: string;
      readonly trigger: string;
      /** What stands in it from the start. */
      readonly line: string;
    }
  /** Somebody sent a form that asked for what a line lacked. What comes of it is said in the acknowledgement. */
  | { readonly kind: 'filled'; readonly keys: Keys; readonly form: FilledForm }
  /** Somebody left such a form. */
  | { readonly kind: 'closed'; readonly keys: Keys; readonly form: ClosedForm };

export type Keys = readonly [string, ...string[]];
