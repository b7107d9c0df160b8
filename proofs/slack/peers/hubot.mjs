// Hubot with its Slack adapter and one listener.
import { SlackBot } from '@hubot-friends/hubot-slack/src/Bot.mjs';
import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';
import { Robot } from 'hubot';
import { setTimeout as wait } from 'node:timers/promises';
import { ran, ready, settings } from './telling.mjs';

const { apiUrl, token, appToken } = settings;
const clientOptions = { slackApiUrl: apiUrl };
const adapter = {
  use: (robot) =>
    new SlackBot(robot, {
      appToken,
      botToken: token,
      disableUserSync: true,
      // The adapter's own, told where Slack is.
      socket: new SocketModeClient({ appToken, logLevel: 'error', clientOptions }),
      web: new WebClient(token, { ...clientOptions, maxRequestConcurrency: 1, logLevel: 'error' }),
    }),
};
const robot = new Robot(adapter, false, 'micro');
robot.respond(/work (\w+)/, async (response) => {
  const [, id] = response.match;
  ran(id);
  await response.send(`done ${id}`);
});
await robot.loadAdapter();
await robot.run();
// It answers to its name in Slack, which it asks for after it is connected.
while (robot.adapter.self === undefined) await wait(10);
ready();
