import type { Log } from '../../log/log.ts';
import { type Api, SlackError } from './api.ts';
import { fieldsOf, listOf, textOf } from './fields.ts';

/** Slack gives fewer than a thousand at once; nobody reads further than that many times. */
const pageSize = 500;
const mostPages = 10;
/** Private channels need a scope of their own. */
const kinds = ['public_channel,private_channel', 'public_channel'];
/** Slack's words for that this app may not ask, or not so. */
const refusals: ReadonlySet<string> = new Set(['missing_scope', 'missing_argument', 'not_allowed_token_type']);

/**
 * The id of a channel that we are in, by its name. Undefined where there is none, or Slack does not tell. Rejects with a `SlackError` when
 * Slack can't be reached.
 */
export async function findChannel(api: Api, name: string, signal: AbortSignal, log: Log): Promise<string | undefined> {
  for (const types of kinds) {
    try {
      return await search(api, name, types, signal);
    } catch (error) {
      if (!(error instanceof SlackError) || !refusals.has(error.reason)) throw error;
      log.debug('Slack does not tell its channels by name', { types, error });
    }
  }
  return undefined;
}

async function search(api: Api, name: string, types: string, signal: AbortSignal): Promise<string | undefined> {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const from = cursor === undefined ? {} : { cursor };
    const answer = await api.call(
      'users.conversations',
      { types, exclude_archived: true, limit: pageSize, ...from },
      signal,
    );
    const found = listOf(answer['channels'])
      .map(fieldsOf)
      .find((channel) => channel['name'] === name);
    const id = textOf(found?.['id']);
    if (id !== undefined) return id;
    cursor = textOf(fieldsOf(answer['response_metadata'])['next_cursor']);
    if (cursor === undefined) return undefined;
  }
  return undefined;
}
