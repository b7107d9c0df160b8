import { onTestFinished } from 'vitest';
import { loopback, type Micro, startMicro } from '../support/micro.ts';
import { type FakeSlack, startFakeSlack } from '../support/slack/fake.ts';
import type { Shown } from '../support/slack/world.ts';
import { until } from '../support/until.ts';
import { type House, openHouse, type Operations, serveOperations } from './control-house.ts';

/** Somebody on Slack. */
export interface Member {
  readonly id: string;
  /** As the access file names it. */
  readonly account: string;
  /** Says something to the bot in a conversation of their own, or in a channel, and returns what it answers, once that has `wanted` in it. */
  say(typed: string, wanted: string, channel?: string): Promise<Shown>;
  /** What the bot said to them alone, and in `channel`. */
  hears(wanted: string, channel?: string): Promise<Shown>;
  press(message: Shown, label: string): Promise<void>;
}

export interface SlackHouse extends House {
  readonly fake: FakeSlack;
  readonly operations: Operations;
  readonly people: Readonly<Record<'ann' | 'ben' | 'cy', Member>>;
  /** The id of `#ops`. */
  readonly ops: string;
  /** Starts the bot, on Slack and on `inputs`, and returns when it listens. */
  readonly open: (...inputs: readonly string[]) => Promise<Micro>;
}

/** A house on a Slack of our own. `access` is made of the accounts there. */
export async function openSlackHouse(access: (people: SlackHouse['people']) => string): Promise<SlackHouse> {
  const house = await openHouse();
  const fake = await startFakeSlack({ postsPerSecond: 1_000, burst: 1_000 });
  onTestFinished(() => fake.stop());
  const operations = await serveOperations(house.domain);
  const ops = fake.addChannel({ name: 'ops' });
  const people = { ann: member(fake, 'anna'), ben: member(fake, 'benn'), cy: member(fake, 'cyra') };
  await house.rule(access(people));
  return {
    ...house,
    fake,
    operations,
    people,
    ops,
    async open(...inputs) {
      const bot = startMicro(['bot', `--inputs=${['slack', ...inputs].join()}`], {
        ...loopback(house.domain),
        ...house.env,
        MICRO_SLACK_TOKEN: fake.home.token,
        MICRO_SLACK_APP_TOKEN: fake.appToken,
        MICRO_SLACK_API_URL: fake.apiUrl,
      });
      onTestFinished(async () => {
        bot.process.kill('SIGKILL');
        await bot.finished;
      });
      await until(() => bot.stderr().includes('listening on Slack'));
      return bot;
    },
  };
}

export const textOf = ({ blocks, text }: Shown): string => `${text} ${JSON.stringify(blocks)}`;

function member(fake: FakeSlack, name: string): Member {
  const id = fake.addUser({ name });
  const direct = fake.addChannel({ kind: 'im', members: [id] });
  const heard = (channel: string, from: number, wanted: string): Promise<Shown> =>
    until(() => fake.channel(channel).find((each, at) => at >= from && each.byBot && textOf(each).includes(wanted)));
  return {
    id,
    account: `slack:${fake.home.team}/${id}`,
    async say(typed, wanted, channel) {
      const where = channel ?? direct;
      const from = fake.channel(where).length;
      if (channel === undefined) await fake.say({ channel: where, user: id, typed });
      else await fake.mention({ channel: where, user: id, typed });
      return heard(where, from, wanted).catch((cause: unknown) => {
        const shown = fake.channel(where).slice(from).map(textOf).join('\n');
        throw new Error(`${name} said ${typed}, waited for ${wanted} and got:\n${shown}`, { cause });
      });
    },
    hears: (wanted, channel = direct) => heard(channel, 0, wanted),
    async press(message, label) {
      const button = new RegExp(`"action_id":"([^"]+)","text":\\{"type":"plain_text","text":"${label}"`);
      const action = button.exec(JSON.stringify(message.blocks))?.[1];
      if (action === undefined) throw new Error(`no button ${label} in ${JSON.stringify(message.blocks)}`);
      await fake.press(message, action, id);
    },
  };
}
