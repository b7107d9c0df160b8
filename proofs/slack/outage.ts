import { sleep } from '../../src/async/sleep.ts';
import { until } from '../churn/until.ts';
import type { Proof, Result } from '../proof.ts';
import { type Stage, startStage } from './stage.ts';

const outageMs = 600_000;
/** In small. */
const fewMs = 20_000;
const leastShare = 0.1;
/** How much faster than ours the bot's clock runs; in small less, since there is other work that makes it wait. */
const clockFactors = { whole: 10, small: 4 };
const eachTime = 20;

export const outage: Proof = {
  name: 'slack outage',
  what: `Slack is down for ${outageMs / 60_000} minutes of a bot whose clock is ${clockFactors.whole} times as fast as ours, once with its HTTP API and once without, while commands come and run`,
  goal: 'back by itself, nothing lost and nothing twice, one log line at each end, status says so meanwhile and not after',
  async run(share) {
    const isWhole = share >= leastShare;
    const clockFactor = isWhole ? clockFactors.whole : clockFactors.small;
    const ms = (isWhole ? outageMs * share : fewMs) / clockFactor;
    const whole = await suffer(ms, clockFactor, async ({ slack }) => {
      await slack.down();
      return () => slack.up();
    });
    const sockets = await suffer(ms, clockFactor, async ({ slack }) => {
      const end = slack.trouble('apps.connections.open', { kind: 'status', status: 503 });
      slack.sockets.cut();
      return end;
    });
    return {
      figure: `all of Slack: ${whole.figure}; its sockets alone: ${sockets.figure}`,
      met: whole.met && sockets.met,
    };
  },
};

/** Begins an outage, and returns what ends it. */
type Fault = (stage: Stage) => Promise<() => unknown>;

/** For so long of our time. */
async function suffer(ms: number, clockFactor: number, begin: Fault): Promise<Result> {
  // Slack's own three tries would all be over by then.
  const retryAfterMs = [0, ms, ...Array.from({ length: 60 }, () => 1_000)];
  const stage = await startStage('micro-bot', { places: eachTime, clockFactor, retryAfterMs });
  const { bot, slack } = stage;
  try {
    const before = say(stage, 'before', () => 0);
    await until(() => stage.answers().size === eachTime, 30_000, 'the first answers');
    // Some end while nobody can be told, some after it.
    const running = say(stage, 'running', (index) => Math.round(ms * clockFactor * (0.2 + index * 0.05)));
    await until(() => bot.runs.size === 2 * eachTime, 30_000, 'commands that run');
    const firstLine = bot.lines.length;
    const wasOutBefore = await isOut(stage);
    const end = await begin(stage);
    const endsAt = performance.now() + ms;
    await until(() => slack.sockets.open === 0, 5_000, 'the outage');
    const meanwhile = say(stage, 'meanwhile', () => 0);
    const samples: boolean[] = [];
    await sleep(200);
    while (performance.now() < endsAt) {
      samples.push(await isOut(stage));
      await sleep(250);
    }
    const openedBefore = slack.sockets.opened;
    await end();
    const upAt = performance.now();
    await until(() => slack.sockets.opened > openedBefore, 60_000, 'a socket after the outage');
    const backMs = (performance.now() - upAt) * clockFactor;
    await until(() => slack.sockets.open === 2, 60_000, 'all sockets after the outage');
    const isOutAfter = await isOut(stage);
    await Promise.all([...before, ...running, ...meanwhile]);
    const wanted = 3 * eachTime;
    await until(() => stage.answers().size === wanted, 30_000, 'the last answers').catch(() => {});
    return report(stage, { wanted, firstLine, samples, wasOutBefore, isOutAfter, backMs });
  } finally {
    await stage.end();
  }
}

const say = ({ slack, direct }: Stage, name: string, lastsMs: (index: number) => number): readonly Promise<unknown>[] =>
  direct.map((place, index) => slack.say({ ...place, text: `work ${name}${index} ${lastsMs(index)}` }));

/** What `status` says in another chat network. */
const isOut = async ({ bot }: Stage): Promise<boolean> => (await bot.ask('status')).includes('slack (out since');

interface Seen {
  readonly wanted: number;
  readonly firstLine: number;
  readonly samples: readonly boolean[];
  readonly wasOutBefore: boolean;
  readonly isOutAfter: boolean;
  readonly backMs: number;
}

function report(stage: Stage, seen: Seen): Result {
  const { wanted, samples, wasOutBefore, isOutAfter, backMs } = seen;
  const { runs } = stage.bot;
  const answers = stage.answers();
  const twice = [...runs.values(), ...answers.values()].filter((times) => times > 1).length;
  const truths = samples.filter((out) => out).length + (wasOutBefore ? 0 : 1) + (isOutAfter ? 0 : 1);
  const isTruthful = truths === samples.length + 2;
  const told = stage.bot.lines.slice(seen.firstLine);
  // That Slack does not take an answer yet is said of each one by itself.
  const late = told.filter((line) => line.includes('a reply was not taken in time')).length;
  const lines = told.filter((line) => !line.includes('a reply was not taken in time'));
  const levels = lines.map((line) => line.split(' ')[0]).join(' ');
  const isQuiet = levels === 'warn info';
  return {
    figure: [
      `back ${(backMs / 1000).toFixed(1)} s (of its clock) after Slack`,
      `${runs.size} of ${wanted} commands executed, ${answers.size} answered, ${twice} twice`,
      `log: ${isQuiet ? 'one line at each end' : lines.join(' / ')}${late === 0 ? '' : ` and one for each of ${late} answers that had to wait`}`,
      `status was right ${truths} of ${samples.length + 2} times`,
    ].join(', '),
    met: runs.size === wanted && answers.size === wanted && twice === 0 && isQuiet && isTruthful,
  };
}
