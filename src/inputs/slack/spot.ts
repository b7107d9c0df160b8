/** Where something is said in Slack, and to whom. */
export interface Spot {
  /** The workspace whose token is used. Id of a team, or of an organization where the app is installed in all of it. */
  readonly team: string;
  readonly channel: string;
  readonly thread: string | undefined;
  /** True where nobody else reads along. */
  readonly direct: boolean;
  /** Who asked: mentioned in an answer, and the one who sees what is for them alone. Undefined where nobody did. */
  readonly user: string | undefined;
  /** Names what runs for it, so that it can be stopped. Undefined where nobody asked. */
  readonly keys: readonly [string, ...string[]] | undefined;
  /** The message that it answers, to react to. */
  readonly ts: string | undefined;
  /** As in `Incoming`. */
  readonly responseUrl: string | undefined;
}
