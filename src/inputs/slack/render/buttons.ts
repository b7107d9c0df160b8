import type { Action } from '../../../document/document.ts';
import type { Block } from '../rendered.ts';
import { beginning } from './fit.ts';
import { isVisible, shownLine, whole } from './shown.ts';

const longestLabel = 75;
const longestValue = 2_000;
const inBlock = 25;

/** Begins the `action_id` of a button whose value is a line to the bot. */
export const runAction = 'micro:run:';

export interface Buttons {
  readonly block: Block;
  readonly plain: string;
  readonly weight: number;
}

/** Rows of buttons; `first` is the number of the first one. A line that Slack can't hold can still be typed. */
export function buttons(actions: readonly Action[], first: number): readonly Buttons[] {
  const fitting = actions.filter(({ line }) => isVisible(line) && line.length <= longestValue && whole(line) === line);
  const rows: Buttons[] = [];
  for (let from = 0; from < fitting.length; from += inBlock) {
    const row = fitting.slice(from, from + inBlock);
    rows.push({
      block: {
        type: 'actions',
        elements: row.map((action, index) =>
          button(labelOf(action), `${runAction}${first + from + index}`, action.line),
        ),
      },
      plain: row.map(labelOf).join(', '),
      weight: row.reduce((sum, { line }) => sum + line.length + 200, 0),
    });
  }
  return rows;
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
