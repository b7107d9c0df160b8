import type { Log } from '../../../log/log.ts';
import { SlackError } from '../api.ts';

/** Which permissions a workspace has not given. What needs one is done without it, and the log tells that once. */
export interface Scopes {
  lacks(team: string, scope: string): boolean;
  /** True when it failed because the scope is missing. */
  learn(team: string, scope: string, error: unknown): boolean;
}

/** What each of them would be good for. */
const uses: Readonly<Record<string, string>> = {
  'files:write': 'long answers come as several messages instead of a file',
  'reactions:write': 'reactions do not show what a command is about',
};

export function createScopes(log: Log): Scopes {
  const missing = new Set<string>();
  return {
    lacks: (team, scope) => missing.has(`${team} ${scope}`),
    learn(team, scope, error) {
      if (!(error instanceof SlackError) || !reasons.has(error.reason)) return false;
      const key = `${team} ${scope}`;
      if (!missing.has(key)) log.warn('the Slack app lacks a scope', { team, scope, therefore: uses[scope] });
      missing.add(key);
      return true;
    },
  };
}

const reasons: ReadonlySet<string> = new Set(['missing_scope', 'no_permission', 'not_allowed_token_type']);
