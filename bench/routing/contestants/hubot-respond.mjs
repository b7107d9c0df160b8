// Hubot's classic way: one regular expression a command, tried one after the other.
import { startRobot } from './hubot.mjs';

export async function setUp(words) {
  const { robot, receive } = await startRobot();
  for (const word of words)
    robot.respond(new RegExp(`${word} (\\w+)$`, 'i'), (response) => response.send(`${word} got ${response.match[1]}`));
  return { receive, line: (word) => `hubot ${word} hello` };
}
