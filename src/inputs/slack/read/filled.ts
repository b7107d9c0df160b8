import { askForm } from '../controls.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';

/** A form of ours that somebody left. */
export interface ClosedForm {
  /** What we gave it. */
  readonly id: string;
  readonly team: string;
  readonly user: string;
}

/** A form of ours that was sent, with what Slack says of its fields. */
export interface FilledForm extends ClosedForm {
  readonly values: Fields;
}

/** Reads a form that came back. Undefined for one that is not of this kind. */
export function readFilled(body: Fields, team: string, user: string): FilledForm | undefined {
  const closed = readClosed(body, team, user);
  const { state } = fieldsOf(body['view']);
  return closed === undefined ? undefined : { ...closed, values: fieldsOf(fieldsOf(state)['values']) };
}

export function readClosed(body: Fields, team: string, user: string): ClosedForm | undefined {
  const { callback_id, private_metadata } = fieldsOf(body['view']);
  const id = textOf(private_metadata);
  return callback_id === askForm && id !== undefined ? { id, team, user } : undefined;
}
