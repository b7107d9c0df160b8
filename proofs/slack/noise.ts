import { sleep } from '../../src/async/sleep.ts';
import type { Fields } from '../../test/support/slack/fields.ts';
import { until } from '../churn/until.ts';
import type { Proof } from '../proof.ts';
import { executions } from './executions.ts';
import type { Memory } from './messages.ts';
import { p99 } from './p99.ts';
import { settled } from './settled.ts';
import { speak } from './speak.ts';
import { type Stage, startStage } from './stage.ts';
import { count } from './words.ts';

const perSecond = 10_000;
/** In small: there is other work beside it. */
const perSecondInSmall = 1_000;
const rounds = 3;
const roundMs = 20_000;
const leastRoundMs = 1_000;
const everyMs = 20;
/** As in Slack. */
const ackWithinMs = 3_000;
/** Smaller runs stand beside other work: their times are told and do not count. */
const leastShare = 0.1;
/** What the engine learns and what is remembered of commands. A byte for each message would be more. */
const allowance = 1_500_000;

export const noise: Proof = {
  name: 'slack noise',
  what: `${count(perSecond)} messages a second in Slack that are not for the bot, for a minute, with a command every ${everyMs} ms`,
  goal: 'all is acknowledged, within 100 ms at p99; every command runs once and is answered; the heap after garbage collections does not grow',
  async run(share) {
    const isWhole = share >= leastShare;
    const rate = isWhole ? perSecond : perSecondInSmall;
    const { sent, lateMs, lost, commands, ran, answered, memories, tookMs } = await suffer(
      rate,
      Math.max(leastRoundMs, roundMs * share),
    );
    const reached = Math.round((sent / tookMs) * 1000);
    const heaps = memories.map(({ heap }) => (heap / 1e6).toFixed(1)).join(' ');
    const residents = memories.map(({ resident }) => (resident / 1e6).toFixed(0)).join(' ');
    const grown = (memories.at(-1)?.heap ?? 0) - (memories[0]?.heap ?? 0);
    const isInTime = !isWhole || (lateMs <= 100 && reached >= 0.98 * rate);
    return {
      figure: `${count(sent)} at ${count(reached)}/s, ${lost} not acknowledged, p99 ${lateMs.toFixed(1)} ms, ${count(commands)} commands, ${count(ran)} executions, ${count(answered)} answered; heap ${heaps} MB, resident ${residents} MB after each third`,
      met: lost === 0 && ran === commands && answered === commands && grown < allowance && isInTime,
    };
  },
};

interface Suffered {
  readonly sent: number;
  readonly tookMs: number;
  /** p99 of all acknowledgements. */
  readonly lateMs: number;
  readonly lost: number;
  readonly commands: number;
  readonly ran: number;
  readonly answered: number;
  /** After each round. */
  readonly memories: readonly Memory[];
}

async function suffer(rate: number, forMs: number): Promise<Suffered> {
  const stage = await startStage('micro-bot', { places: 400, ackWithinMs, retryAfterMs: [0] });
  const { bot, slack } = stage;
  const times: number[] = [];
  const memories: Memory[] = [];
  let commands = 0;
  let tookMs = 0;
  let lost = 0;
  try {
    // What is compiled and remembered at first is no leak.
    await babble(stage, rate, Math.min(forMs, 5_000));
    for (let round = 0; round < rounds; round += 1) {
      const load = speak(stage, everyMs, `r${round}w`);
      const heard = await babble(stage, rate, forMs);
      commands += await load.end();
      for (const ms of heard.times) times.push(ms);
      lost += heard.lost;
      tookMs += heard.tookMs;
      await settled(() => executions(bot.runs) + slack.posted.length);
      memories.push(await bot.memory());
    }
    const answers = stage.answers();
    return {
      sent: times.length + lost,
      tookMs,
      lateMs: p99(times),
      lost,
      commands,
      ran: executions(bot.runs),
      answered: executions(answers),
      memories,
    };
  } finally {
    await stage.end();
  }
}

interface Heard {
  /** Milliseconds until each acknowledgement. */
  readonly times: readonly number[];
  readonly lost: number;
  readonly tookMs: number;
}

/** People, other bots and Slack itself, who talk so much a second. */
async function babble({ slack, channels }: Stage, rate: number, forMs: number): Promise<Heard> {
  const times: number[] = [];
  const startedAt = performance.now();
  let sent = 0;
  let under = 0;
  let lost = 0;
  for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - startedAt) {
    for (const due = (elapsed / 1000) * rate; sent < due; sent += 1) {
      const place = channels[sent % channels.length];
      under += 1;
      void slack.event(talk(sent, { ...place })).then(({ acknowledged, attempts, ms }) => {
        under -= 1;
        if (acknowledged) times.push(ms + (attempts - 1) * ackWithinMs);
        else lost += 1;
      });
    }
    await sleep(1);
  }
  const tookMs = performance.now() - startedAt;
  await until(() => under === 0, 60_000, 'the last acknowledgements');
  return { times, lost, tookMs };
}

/** What a busy workspace tells every app that may read along. */
function talk(index: number, { channel, user }: { readonly channel?: string; readonly user?: string }): Fields {
  const ts = `${1_700_000_000 + index}.000100`;
  const said = { type: 'message', channel, channel_type: 'channel', ts, event_ts: ts };
  const text = `has anybody seen the micro service that deploys the front end? number ${index} of them fails`;
  switch (index % 6) {
    case 0:
      return { ...said, user, text, bot_id: 'B0OTHER', subtype: 'bot_message' };
    case 1:
      return { ...said, subtype: 'message_changed', hidden: true, message: { type: 'message', user, text, ts } };
    case 2:
      return { ...said, subtype: 'channel_join', user, text: `<@${user ?? ''}> has joined the channel` };
    default:
      return { ...said, user, text, team: 'T0ANYONE', thread_ts: index % 2 === 0 ? ts : undefined };
  }
}
