import { sleep } from '../../src/async/sleep.ts';
import { until } from '../churn/until.ts';
import type { Proof } from '../proof.ts';
import { contest } from './contest.ts';
import type { ContestantName } from './contestant.ts';
import { executions } from './executions.ts';
import { settled } from './settled.ts';
import { speak } from './speak.ts';
import { startStage } from './stage.ts';
import { count } from './words.ts';

const refreshes = 200;
/** Of others: each takes them five seconds. */
const fewRefreshes = 5;
const everyMs = 5;
/** A hundredth of what Slack gives, or less. In small other work takes the processors for longer than that. */
const notice = (share: number): { readonly warningMs: number; readonly graceMs: number } =>
  share < 0.1 ? { warningMs: 50, graceMs: 600 } : { warningMs: 50, graceMs: 150 };
/** Between the refreshes of others, so that they have calm times, too. */
const calmMs = 5_000;

export const refresh: Proof = {
  name: 'slack refresh',
  what: `${refreshes} planned refreshes of sockets in Slack, ${fewRefreshes} for the others, with a command every ${everyMs} ms`,
  goal: 'ours is 0 ms without an open socket, runs each command once and answers it',
  run: (share) =>
    contest(
      share,
      async (name) => {
        const wanted = name === 'micro-bot' ? Math.max(5, Math.ceil(refreshes * share)) : fewRefreshes;
        const { darkMs, said, ran, twice, answered } = await refreshed(name, wanted, share);
        return {
          figure: `${wanted} refreshes, ${Math.round(darkMs)} ms without an open socket, ${count(said)} commands, ${count(said - ran)} not taken, ${count(twice)} executed twice`,
          met: darkMs === 0 && ran === said && twice === 0 && answered === said,
        };
      },
      ['Bolt'],
    ),
};

interface Refreshed {
  readonly darkMs: number;
  readonly said: number;
  /** Commands that ran at all. */
  readonly ran: number;
  readonly twice: number;
  readonly answered: number;
}

async function refreshed(name: ContestantName, wanted: number, share: number): Promise<Refreshed> {
  // What is not acknowledged is sent again once, at once: Slack's next try comes a minute later.
  const stage = await startStage(name, { places: 400, retryAfterMs: [0] });
  const { bot, slack } = stage;
  const sockets = name === 'micro-bot' ? 2 : 1;
  const isBack = (): boolean => slack.sockets.open >= sockets;
  const load = speak(stage, everyMs, 'w');
  try {
    for (let done = 0; done < wanted; ) {
      // Now and then all of them at the same time.
      const atOnce = done % 5 === 3 ? Math.min(sockets, wanted - done) : 1;
      await slack.sockets.refresh({ count: atOnce, ...notice(share) });
      await until(isBack, 30_000, 'the sockets after a refresh');
      done += atOnce;
      if (name !== 'micro-bot') await sleep(calmMs);
    }
    const said = await load.end();
    await settled(() => executions(bot.runs) + (name === 'micro-bot' ? slack.posted.length : 0));
    const answers = stage.answers();
    return {
      darkMs: slack.sockets.dark.ms,
      said,
      ran: bot.runs.size,
      twice: executions(bot.runs) - bot.runs.size,
      answered: answers.size === executions(answers) ? answers.size : -1,
    };
  } finally {
    await load.end();
    await stage.end();
  }
}
