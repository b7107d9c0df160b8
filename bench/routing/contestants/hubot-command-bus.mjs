// Hubot's newer way: commands with declared arguments, found by their id.
import { startRobot } from './hubot.mjs';

export async function setUp(words) {
  const { robot, receive } = await startRobot();
  for (const id of words) {
    robot.commands.register({
      id,
      description: `Answers ${id}`,
      confirm: 'never',
      args: { what: { type: 'string' } },
      handler: async ({ args }) => `${id} got ${args.what}`,
    });
  }
  return { receive, line: (word) => `hubot ${word} --what hello` };
}
