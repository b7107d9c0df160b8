/** Who did something in Slack, where our app is asked as that of the workspace `team`. */
export interface Actor {
  readonly team: string;
  readonly user: string;
  /** `team/user`, of the user's own workspace. */
  readonly sender: string;
  /** Slack's id of what was done. */
  readonly trigger: string;
}
