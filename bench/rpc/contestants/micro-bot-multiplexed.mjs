// Ours as it is between two nodes of ours: many calls at once share a connection.
export { clientOf as client, server } from './micro-bot.mjs';
