/** By what Slack tells which of our buttons was pressed, and which of our shortcuts was chosen. */

/** Begins the `action_id` of a button whose value is a line to the bot. */
export const runAction = 'micro:run:';
/** The `action_id` of a button that ends what runs: its value is a key of what asked for it. */
export const stopAction = 'micro:stop';
/** The `callback_id` of the shortcut that asks for a command, and of its form. */
export const runShortcut = 'micro:run';
/** The `callback_id` of a form that asks for what a line lacks. */
export const askForm = 'micro:ask';
/** The `callback_id` of the shortcut that runs what a message says. */
export const runMessageShortcut = 'micro:run-message';
