import { onTestFinished } from 'vitest';
import { type Bot, createBot } from '../../../src/bot/bot.ts';
import type { Command } from '../../../src/commands/command.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { text } from '../../../src/document/document.ts';
import type { Input } from '../../../src/inputs/input.ts';
import { slackInput, type SlackOptions } from '../../../src/inputs/slack/slack.ts';
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from '../../support/slack/fake.ts';
import { recordedLog, type RecordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';

/** A bot that listens on a fake Slack. */
export interface Scene {
  readonly fake: FakeSlack;
  readonly input: Input;
  readonly log: RecordedLog;
  /** The lines of the commands that ran. */
  readonly ran: string[];
}

export interface SceneOptions {
  readonly slack?: FakeSlackOptions;
  readonly input?: (fake: FakeSlack) => Partial<SlackOptions>;
  readonly commands?: readonly Command[];
  /** Default true: waits until the bot hears Slack. */
  readonly startsWell?: boolean;
  /** Default false: Slack can be reached. */
  readonly isDown?: boolean;
}

export async function scene({
  slack,
  input,
  commands = [],
  startsWell = true,
  isDown = false,
}: SceneOptions = {}): Promise<Scene> {
  const fake = await startFakeSlack({ retryAfterMs: [0], postsPerSecond: 1_000, burst: 1_000, ...slack });
  if (isDown) await fake.down();
  const log = recordedLog();
  const ran: string[] = [];
  const echo: Command = {
    name: 'echo',
    usage: 'echo [text]',
    description: 'Returns the [text]',
    source: { kind: 'builtin' },
    run: async ({ args }) => {
      ran.push(args.after(0));
      return text(args.after(0));
    },
  };
  const set = commandSet([echo, ...commands]);
  const options: SlackOptions = {
    tokens: [fake.home.token],
    appTokens: [fake.appToken],
    apiUrl: fake.apiUrl,
    log,
    ...input?.(fake),
  };
  const listening = slackInput(options);
  const bot: Bot = createBot({ inputs: [listening], commands: () => set, log });
  const stop = new AbortController();
  const running = bot.run(stop.signal);
  running.catch(() => {});
  onTestFinished(async () => {
    stop.abort();
    await running.catch(() => {});
    await fake.stop();
  });
  if (startsWell) await until(() => listening.outage === undefined);
  return { fake, input: listening, log, ran };
}
