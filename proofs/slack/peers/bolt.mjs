// Bolt as its guide shows it: Socket Mode and one listener.
import { App, LogLevel } from '@slack/bolt';
import { ran, ready, settings } from './telling.mjs';

const { apiUrl, token, appToken } = settings;
const app = new App({
  token,
  appToken,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: apiUrl },
});
app.message(/\bwork (\w+)/, async ({ context, say }) => {
  const [, id] = context.matches;
  ran(id);
  await say(`done ${id}`);
});
await app.start();
ready();
