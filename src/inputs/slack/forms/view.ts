import { askForm } from '../controls.ts';
import type { Fields } from '../fields.ts';
import type { Form, FormField } from '../../input.ts';
import { beginning } from '../render/fit.ts';
import { isVisible, shown, shownLine } from '../render/shown.ts';

/** Slack's limits. */
const longest = { title: 24, label: 150, hint: 1_000, option: 75, line: 2_500, input: 3_000 } as const;
const mostOptions = 100;
const mostFields = 90;

/** The name of the block of a field, and of what is in it. */
export const fieldId = (index: number): string => `micro:field:${index}`;

/** A form as `views.open` takes it; `id` comes back with it. Undefined for one that Slack can't hold. */
export function askView({ title, line, fields }: Form, id: string): Fields | undefined {
  if (fields.length === 0 || fields.length > mostFields) return undefined;
  return {
    type: 'modal',
    callback_id: askForm,
    private_metadata: id,
    notify_on_close: true,
    title: words(title, longest.title),
    submit: words('Run', longest.title),
    close: words('Cancel', longest.title),
    blocks: [
      ...(line === undefined ? [] : [{ type: 'section', text: words(line, longest.line) }]),
      ...fields.map(block),
    ],
  };
}

function block(field: FormField, index: number): Fields {
  const { name, expected, description, kind } = field;
  const about = description === '' ? expected : `${description}; ${expected}`;
  return {
    type: 'input',
    block_id: fieldId(index),
    label: words(name, longest.label),
    hint: words(about, longest.hint),
    // A box that is left empty is a no.
    optional: kind === 'yes or no',
    element: { ...elementOf(field), action_id: fieldId(index) },
  };
}

function elementOf(field: FormField): Fields {
  const { kind, choices } = field;
  switch (kind) {
    case 'choice':
      return isOffered(field) ? { type: 'static_select', options: choices.map(option) } : text(false);
    case 'yes or no':
      return { type: 'checkboxes', options: [{ text: words(field.name, longest.option), value: 'true' }] };
    case 'number':
    case 'whole number':
      return { type: 'number_input', is_decimal_allowed: kind === 'number' };
    case 'user':
      return { type: 'users_select' };
    case 'json':
      return text(true);
    case 'text':
      return text(false);
    default:
      return kind satisfies never;
  }
}

/** Whether a list of all choices can be shown. */
const isOffered = ({ choices }: FormField): boolean =>
  choices.length > 0 &&
  choices.length <= mostOptions &&
  choices.every((choice) => isVisible(choice) && shownLine(choice).length <= longest.option);

/** Its place stands for it: Slack takes no long values. */
const option = (choice: string, index: number): Fields => ({
  text: words(choice, longest.option),
  value: String(index),
});

const text = (multiline: boolean): Fields => ({ type: 'plain_text_input', multiline, max_length: longest.input });

/** Where nothing could be seen Slack would refuse the whole form. */
function words(foreign: string, most: number): Fields {
  const line = (most === longest.line ? shown(foreign) : shownLine(foreign)).trim();
  const seen = isVisible(line) ? line : '…';
  return { type: 'plain_text', text: seen.length <= most ? seen : `${beginning(seen, most - 1)}…`, emoji: false };
}
