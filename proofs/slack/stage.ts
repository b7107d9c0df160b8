import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from '../../test/support/slack/fake.ts';
import type { Posted } from '../../test/support/slack/world.ts';
import { until } from '../churn/until.ts';
import { type Contestant, type ContestantName, startContestant } from './contestant.ts';

/** A Slack with a bot in it, and many conversations: each takes a message a second. */
export interface Stage {
  readonly slack: FakeSlack;
  readonly bot: Contestant;
  /** Direct conversations, each with a person of its own. */
  readonly direct: readonly Place[];
  /** Channels, each with a person of its own. */
  readonly channels: readonly Place[];
  /** How often the answer to each command was posted. */
  answers(): ReadonlyMap<string, number>;
  end(): Promise<void>;
}

export interface Place {
  readonly channel: string;
  readonly user: string;
}

export interface StageOptions extends FakeSlackOptions {
  readonly places: number;
  readonly sockets?: number;
  /** How much faster than ours the bot's clock runs. Default 1. */
  readonly clockFactor?: number;
}

/** Resolves when the bot has all its sockets: ours as many as it is told, the others one. */
export async function startStage(name: ContestantName, options: StageOptions): Promise<Stage> {
  const { places, sockets = 2, clockFactor = 1 } = options;
  const slack = await startFakeSlack({ echo: false, ...options });
  const { home, apiUrl, appToken } = slack;
  const place = (kind: 'im' | 'channel'): Place => {
    const user = slack.addUser();
    return { user, channel: slack.addChannel({ kind, members: [user] }) };
  };
  const direct = Array.from({ length: places }, () => place('im'));
  const channels = Array.from({ length: places }, () => place('channel'));
  let bot: Contestant | undefined;
  try {
    const started = await startContestant(name, { apiUrl, appToken, token: home.token, sockets, clockFactor });
    bot = started;
    const most = name === 'micro-bot' ? sockets : 1;
    await until(() => slack.sockets.open >= most, 30_000, `the sockets of ${name}`);
    return {
      slack,
      bot: started,
      direct,
      channels,
      answers: () => counted(slack.posted),
      async end() {
        await started.stop();
        await slack.stop();
      },
    };
  } catch (error) {
    await bot?.stop();
    await slack.stop();
    throw error;
  }
}

function counted(posted: readonly Posted[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { text, blocks } of posted) {
    const [, name] = /\bdone (\w+)/.exec(`${text} ${JSON.stringify(blocks)}`) ?? [];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
