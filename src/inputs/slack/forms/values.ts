import type { FormField } from '../../input.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../fields.ts';
import { fieldId } from './view.ts';

/** What was written in a field, of all that Slack sends back. Undefined where it is not as Slack documents it. */
export function valueIn(values: Fields, { kind, choices }: FormField, index: number): string | undefined {
  const state = fieldsOf(fieldsOf(values[fieldId(index)])[fieldId(index)]);
  if (kind === 'yes or no') return String(listOf(state['selected_options']).length > 0);
  if (kind === 'user') {
    const user = textOf(state['selected_user']);
    return user === undefined ? undefined : `@${user}`;
  }
  const chosen = textOf(fieldsOf(state['selected_option'])['value']);
  if (chosen !== undefined) return /^\d+$/.test(chosen) ? choices[Number(chosen)] : undefined;
  return textOf(state['value']);
}
