import type { Spot } from './spot.ts';

/** What somebody typed or pressed in Slack, and how to answer it. */
export interface Incoming extends Spot {
  /** Two deliveries with a key in common are the same thing. The first one names it; never empty. */
  readonly keys: readonly [string, ...string[]];
  /** The workspace whose app was asked: its token answers. Id of a team, or of an organization where the app is installed in all of it. */
  readonly team: string;
  readonly channel: string;
  /** Immutable, and unique across workspaces: `team/user`. */
  readonly sender: string;
  /** False where Slack does not tell of which workspace somebody in a channel with another company is. Default true. */
  readonly isKnown?: boolean;
  /** As mentioned in an answer. */
  readonly user: string;
  /** Plain text. */
  readonly text: string;
  /** True where only the bot listens. */
  readonly direct: boolean;
  /** Slack itself says that the bot is meant; its mention is no longer in `text`. */
  readonly addressed: boolean;
  /** The thread it was said in, and where the answer goes. */
  readonly thread: string | undefined;
  /** The message itself, to react to; a slash command and a button have none. */
  readonly ts: string | undefined;
  /** Where a slash command or a button is answered, also in channels the bot is no member of: five times within half an hour. A secret. */
  readonly responseUrl: string | undefined;
  /** Opens a form, within three seconds and once. */
  readonly trigger?: string | undefined;
}
