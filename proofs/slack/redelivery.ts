import { type Random, seeded } from '../fuzz/random.ts';
import type { Proof } from '../proof.ts';
import type { ContestantName } from './contestant.ts';
import { contest } from './contest.ts';
import { executions } from './executions.ts';
import { settled } from './settled.ts';
import { type Place, type Stage, startStage } from './stage.ts';
import { count } from './words.ts';

const commands = 1_000;
const atOnce = 50;
/** Too short for some acknowledgements: Slack sends those events again, marked as retries. */
const ackWithinMs = 25;

export const redelivery: Proof = {
  name: 'slack redelivery',
  what: `${count(commands)} commands in Slack, each delivered one to four times over one to three sockets in any order, mentions as two events, some as retries`,
  goal: `${count(commands)} executions and answers of ours`,
  async run(share) {
    const wanted = Math.max(50, Math.ceil(commands * share));
    return contest(share, async (name) => {
      const { ran, executions, answered, deliveries, retries } = await redeliver(name, wanted);
      const figure = `${count(executions)} executions of ${count(wanted)} commands in ${count(deliveries)} deliveries, ${count(retries)} of them marked as retries`;
      return {
        figure: ran === wanted ? figure : `${figure}; ${count(wanted - ran)} never ran`,
        met: ran === wanted && executions === wanted && answered === wanted,
      };
    });
  },
};

interface Redelivered {
  /** Commands that ran at all. */
  readonly ran: number;
  readonly executions: number;
  /** Answers. */
  readonly answered: number;
  readonly deliveries: number;
  readonly retries: number;
}

async function redeliver(name: ContestantName, wanted: number): Promise<Redelivered> {
  const stage = await startStage(name, {
    places: Math.ceil(wanted / 8),
    sockets: 3,
    ackWithinMs,
    retryAfterMs: [0],
  });
  const { bot, slack } = stage;
  const random = seeded(wanted);
  let deliveries = 0;
  let retries = 0;
  try {
    for (let from = 0; from < wanted; from += atOnce) {
      const said = Array.from({ length: Math.min(atOnce, wanted - from) }, async (_, index) => {
        const copies = 1 + random.below(3);
        slack.deliver({ copies, sockets: 1 + random.below(3), shuffle: 1 + random.below(1_000_000) });
        const { outcomes } = await say(stage, from + index, random);
        for (const { attempts } of outcomes) {
          deliveries += copies + attempts - 1;
          retries += attempts - 1;
        }
      });
      await Promise.all(said);
    }
    // Others are still answering commands that ran twice long after they ran, and run nothing while Slack wants to be left alone.
    if (name === 'micro-bot') await settled(() => executions(bot.runs) + slack.posted.length);
    else await settled(() => executions(bot.runs), 10_000);
    const answered = executions(stage.answers());
    return { ran: bot.runs.size, executions: executions(bot.runs), answered, deliveries, retries };
  } finally {
    await stage.end();
  }
}

/** In a direct conversation, by name, or by mention: then it is two events. */
function say({ slack, direct, channels }: Stage, index: number, random: Random): ReturnType<Stage['slack']['say']> {
  const text = `work w${index}`;
  const { channel, user } = at(random.pick([direct, channels]), index);
  if (direct.some((place) => place.channel === channel)) return slack.say({ channel, user, text });
  return random.chance(0.5)
    ? slack.mention({ channel, user, text })
    : slack.say({ channel, user, text: `micro ${text}` });
}

const at = (places: readonly Place[], index: number): Place => places[index % places.length] as Place;
