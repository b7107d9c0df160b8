import type { CommandError, Missing } from '../commands/command.ts';
import { text } from '../document/document.ts';
import type { Form, FormField } from '../inputs/input.ts';
import { leftAlone } from './answers.ts';
import { withParameter } from './parameter.ts';

/** A form for all that is missing in a line of the command `title`. */
export function formOf(title: string, line: string, missing: Missing, { alsoMissing, secrets }: CommandError): Form {
  const all = [missing, ...alsoMissing];
  return {
    title,
    line: secrets.length === 0 ? line : undefined,
    fields: all.map(fieldOf),
    left: text(leftAlone),
    complete: (values) =>
      all.reduce((filled, { name }, index) => withParameter(filled, name, values[index] ?? ''), line),
  };
}

const fieldOf = (missing: Missing): FormField => {
  const { name, expected, description, choices = [] } = missing;
  const kind = missing.kind ?? (choices.length > 0 ? 'choice' : 'text');
  return { name, expected, description, kind, choices, complaint: (value) => missing.complaint?.(value) };
};
