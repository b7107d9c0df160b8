/** Where Slack is and who the bot is there: the second argument, as JSON. */
export const settings = JSON.parse(process.argv[2] ?? '{}');

export const ready = () => process.send?.({ kind: 'ready' });

/** A command ran. */
export const ran = (name) => process.send?.({ kind: 'ran', name });

// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit());
