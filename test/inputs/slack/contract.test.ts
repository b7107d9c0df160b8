import { onTestFinished } from 'vitest';
import { slackInput } from '../../../src/inputs/slack/slack.ts';
import { inputContract } from '../../contract/input.ts';
import { startFakeSlack } from '../../support/slack/fake.ts';
import { until } from '../../support/until.ts';
import { everyText } from './render/reading.ts';

inputContract('the Slack input', async () => {
  const fake = await startFakeSlack({ postsPerSecond: 1_000, burst: 1_000 });
  onTestFinished(() => fake.stop());
  const input = slackInput({ tokens: [fake.home.token], appTokens: [fake.appToken], apiUrl: fake.apiUrl });
  let said = Promise.resolve();
  const say = async (typed: string): Promise<void> => {
    // Nobody hears what is said before a socket is open, until Slack tries again.
    await until(() => fake.sockets.open > 0 && input.outage === undefined);
    await fake.say({ channel: fake.direct, typed });
  };
  return {
    input,
    type: (typed) => {
      said = said.then(() => say(typed)).catch(() => {});
    },
    nowhere: [
      { kind: 'room', room: '' },
      { kind: 'person', person: '' },
    ],
    shown: () =>
      fake
        .channel(fake.direct)
        .filter(({ byBot }) => byBot)
        .flatMap(({ blocks }) => everyText(blocks))
        .join('\n'),
  };
});
