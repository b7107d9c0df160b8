import { type Fields, fieldsOf, listOf, textOf } from '../fields.ts';

/**
 * The workspace whose app was asked, of an event. Its `team_id` can be another's when the channel is shared: what counts is for whom
 * Slack authorized the event.
 */
export function eventTeam(body: Fields): string | undefined {
  const [first] = listOf(body['authorizations']);
  const { team_id, enterprise_id, is_enterprise_install } = fieldsOf(first);
  const authorized =
    is_enterprise_install === true ? textOf(enterprise_id) : (textOf(team_id) ?? textOf(enterprise_id));
  return authorized ?? textOf(body['context_team_id']) ?? textOf(body['team_id']);
}

/** The workspace whose app was asked, of an interaction. `team` is null where the app is installed in a whole organization. */
export function interactionTeam(body: Fields): string | undefined {
  const enterprise = textOf(fieldsOf(body['enterprise'])['id']);
  const team = textOf(fieldsOf(body['team'])['id']);
  return isWhole(body['is_enterprise_install']) ? (enterprise ?? team) : (team ?? enterprise);
}

/** The workspace whose app was asked, of a slash command: a form, all of whose fields are texts. */
export function slashTeam(body: Fields): string | undefined {
  const enterprise = textOf(body['enterprise_id']);
  const team = textOf(body['team_id']);
  return isWhole(body['is_enterprise_install']) ? (enterprise ?? team) : (team ?? enterprise);
}

const isWhole = (value: unknown): boolean => value === true || value === 'true';

/** A conversation of two. */
export const isDirect = (channel: string): boolean => channel.startsWith('D');
