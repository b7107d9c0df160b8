import { sleep } from '../../async/sleep.ts';
import type { Log } from '../../log/log.ts';
import { InputError } from '../input.ts';
import { type Api, SlackError } from './api.ts';

/** One installation of the app: a workspace, or an organization in all of whose workspaces it is. */
export interface Workspace {
  /** `T…`; undefined for an organization. */
  readonly team: string | undefined;
  /** `E…`; undefined for a workspace that belongs to none. */
  readonly enterprise: string | undefined;
  /** For display alone. */
  readonly name: string;
  readonly token: string;
  /** The bot as a user, `U…`, and as a bot, `B…`. */
  readonly botUser: string;
  readonly bot: string | undefined;
  readonly api: Api;
}

export interface Workspaces {
  readonly all: readonly Workspace[];
  /** By the id of a workspace or of an organization, tried in this order. */
  find(...ids: readonly (string | undefined)[]): Workspace | undefined;
}

export interface ReachOptions {
  readonly tokens: readonly string[];
  /** Asks at first. */
  readonly first: (token: string) => Api;
  /** What the workspaces have. */
  readonly api: (token: string) => Api;
  readonly signal: AbortSignal;
  /** Told each time that Slack can't be reached. */
  readonly onOutage: (reason: string) => void;
  readonly log: Log;
}

const minDelayMs = 1_000;
const maxDelayMs = 30_000;

/**
 * Asks Slack whose tokens these are, until Slack is there: one line in the log when it is not, and one when it is. Rejects with an
 * `InputError`: `refused` names the token by its place, never by its text.
 */
export async function reachWorkspaces(options: ReachOptions): Promise<Workspaces> {
  const { tokens, first, api, signal, onOutage, log } = options;
  for (let delayMs = minDelayMs, tries = 0; ; tries += 1, delayMs = Math.min(delayMs * 2, maxDelayMs)) {
    try {
      const workspaces = await openWorkspaces(tokens, first, api, signal);
      if (tries > 0) log.info('Slack is in reach');
      return workspaces;
    } catch (error) {
      if (signal.aborted || !(error instanceof InputError) || error.code !== 'unavailable') throw error;
      onOutage(error.message);
      if (tries === 0) log.warn('Slack is out of reach', { reason: error.message });
    }
    await sleep((delayMs * (1 + Math.random())) / 2, signal);
    signal.throwIfAborted();
  }
}

async function openWorkspaces(
  tokens: readonly string[],
  first: (token: string) => Api,
  api: (token: string) => Api,
  signal: AbortSignal,
): Promise<Workspaces> {
  const all = await Promise.all(
    tokens.map(async (token, index) => ({ ...(await open(token, first(token), index, signal)), api: api(token) })),
  );
  const byId = new Map<string, Workspace>();
  // A workspace's own token comes before that of its organization.
  for (const each of all) if (each.team === undefined && each.enterprise !== undefined) byId.set(each.enterprise, each);
  for (const each of all) if (each.team !== undefined) byId.set(each.team, each);
  return {
    all,
    find(...ids) {
      for (const id of ids) {
        const found = id === undefined ? undefined : byId.get(id);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

async function open(token: string, api: Api, index: number, signal: AbortSignal): Promise<Omit<Workspace, 'api'>> {
  try {
    const answer = await api.call('auth.test', {}, signal);
    const field = (name: string): string | undefined => {
      const value = answer[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const botUser = field('user_id');
    if (botUser === undefined) throw new SlackError('refused', 'no_user_id', 'auth.test did not tell who the bot is');
    const isOrganization = answer['is_enterprise_install'] === true;
    return {
      team: isOrganization ? undefined : field('team_id'),
      enterprise: field('enterprise_id'),
      name: field('team') ?? field('team_id') ?? 'Slack',
      token,
      botUser,
      bot: field('bot_id'),
    };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    if (error.code === 'unavailable') throw new InputError('unavailable', error.message, { cause: error });
    const which = index === 0 ? 'slack_token' : `slack_token ${index + 1}`;
    throw new InputError('refused', `invalid credentials: Slack refuses ${which} (${error.reason})`, { cause: error });
  }
}
