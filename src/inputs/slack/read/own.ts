/** Who we are in Slack. */
export interface Own {
  /** What people call the bot, and its own slash command. */
  readonly name: string;
  /** Its ids as a user (`U…`, `W…`), in all workspaces. */
  readonly users: ReadonlySet<string>;
}
