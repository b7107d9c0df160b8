import { runAction } from '../controls.ts';
import type { Action } from '../../../document/document.ts';
import type { Block } from '../rendered.ts';
import { beginning, weigh } from './fit.ts';
import { isVisible, shownLine, whole } from './shown.ts';

const longestLabel = 75;
const longestValue = 2_000;
const inBlock = 25;
/** Characters of JSON: a row fits into one message. */
const valuesInBlock = 4_000;
/** What is around its line, with the label. */
const weightOfButton = 200;

export interface Buttons {
  readonly block: Block;
  readonly plain: string;
  readonly weight: number;
}

/** A line that Slack can't hold can still be typed. */
export const canBePressed = ({ line }: Action): boolean =>
  line.length <= longestValue && isVisible(line) && whole(line) === line;

/** Rows of buttons, for all that can be pressed; `first` is the number of the first one. */
export function buttons(actions: readonly Action[], first: number): readonly Buttons[] {
  const rows: Action[][] = [];
  let room = 0;
  for (const action of actions.filter(canBePressed)) {
    const row = rows.at(-1);
    if (row === undefined || row.length === inBlock || room < weigh(action.line)) {
      rows.push([action]);
      room = valuesInBlock - weigh(action.line);
    } else {
      row.push(action);
      room -= weigh(action.line);
    }
  }
  let number = first;
  return rows.map((row) => ({
    block: {
      type: 'actions',
      elements: row.map((action) => button(labelOf(action), `${runAction}${number++}`, action.line)),
    },
    plain: row.map(labelOf).join(', '),
    weight: row.reduce((sum, action) => sum + weigh(action.line) + weightOfButton, 0),
  }));
}

/** One that is pressed to end what runs. */
export const stopButton = (actionId: string, value: string): Block => ({
  type: 'actions',
  elements: [{ ...button('Stop', actionId, value), style: 'danger' }],
});

const button = (label: string, actionId: string, value: string): Readonly<Record<string, unknown>> => ({
  type: 'button',
  action_id: actionId,
  text: { type: 'plain_text', text: label, emoji: false },
  value,
});

function labelOf({ label, line }: Action): string {
  const text = shownLine(isVisible(label) ? label : line).trim();
  return text.length <= longestLabel ? text : `${beginning(text, longestLabel - 1)}…`;
}
