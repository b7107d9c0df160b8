/** Slack's Web API with one workspace's token. */
export interface Api {
  /**
   * Calls a method, such as `chat.postMessage`. Waits as long as Slack says when it is asked too often, and then tries again. Resolves with
   * the answer, whose `ok` is true; rejects with a `SlackError`, or with the signal's reason.
   */
  call(method: string, args: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<Answer>;
}

export type Answer = Readonly<Record<string, unknown>>;

export type SlackErrorCode =
  /** Slack says no, and will next time: credentials, a missing scope, a channel that is not there. */
  | 'refused'
  /** Slack could not be reached, failed or was too busy. Worth trying again. */
  | 'unavailable';

/** What is wrong with one part of what was sent. */
export interface SlackFault {
  readonly message: string;
  /** Where: a JSON pointer, such as `/features/slash_commands/0/command`; empty where Slack does not say. */
  readonly pointer: string;
}

export interface SlackErrorOptions extends ErrorOptions {
  readonly faults?: readonly SlackFault[];
}

/** Its message names the method and Slack's reason, and no token. */
export class SlackError extends Error {
  readonly code: SlackErrorCode;
  /** Slack's own word for it, such as `missing_scope`; empty where there is none. */
  readonly reason: string;
  /** Slack's list of what is wrong with a manifest; mostly empty. */
  readonly faults: readonly SlackFault[];

  constructor(code: SlackErrorCode, reason: string, message: string, options?: SlackErrorOptions) {
    super(message, options);
    this.name = 'SlackError';
    this.code = code;
    this.reason = reason;
    this.faults = options?.faults ?? [];
  }
}
