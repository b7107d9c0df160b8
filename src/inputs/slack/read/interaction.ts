import { type Fields, fieldsOf, textOf } from '../fields.ts';
import type { Actor } from './actor.ts';
import { readButton } from './button.ts';
import type { Own } from './own.ts';
import { interactionTeam } from './place.ts';
import type { Seen } from './seen.ts';
import { type ClosedForm, type FilledForm, readClosed, readFilled } from './filled.ts';
import { readMessageShortcut, readShortcut } from './shortcut.ts';
import { readSubmission } from './submission.ts';

/** Reads what buttons, shortcuts and forms send. */
export function readInteraction(body: Fields, own: Own): Seen | undefined {
  const { id, team_id } = fieldsOf(body['user']);
  const team = interactionTeam(body);
  const user = textOf(id);
  const trigger = textOf(body['trigger_id']);
  if (team === undefined || user === undefined) return undefined;
  // Nothing can be opened by leaving a form.
  if (body['type'] === 'view_closed') return closedForm(readClosed(body, team, user));
  if (trigger === undefined) return undefined;
  const home = textOf(team_id) ?? textOf(fieldsOf(body['team'])['id']) ?? team;
  const actor: Actor = { team, user, sender: `${home}/${user}`, trigger };
  switch (body['type']) {
    case 'block_actions':
      return readButton(body, actor);
    case 'shortcut':
      return readShortcut(body, actor);
    case 'message_action':
      return readMessageShortcut(body, actor, own);
    case 'view_submission':
      return filledForm(readFilled(body, team, user)) ?? readSubmission(body, actor);
    default:
      return undefined;
  }
}

const filledForm = (form: FilledForm | undefined): Seen | undefined =>
  form && { kind: 'filled', keys: [`form:${form.id}`], form };

const closedForm = (form: ClosedForm | undefined): Seen | undefined =>
  form && { kind: 'closed', keys: [`closed:${form.id}`], form };
