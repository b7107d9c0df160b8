import { httpSource } from '../../src/inputs/slack/http/http.ts';
import { silent } from '../../src/log/log.ts';
import { forgeries, genuine, type Target } from '../../test/inputs/slack/http/forgeries.ts';
import { exchange, newSecret, type Request } from '../../test/inputs/slack/http/wire.ts';
import { until } from '../churn/until.ts';
import type { Proof } from '../proof.ts';

export const forged: Proof = {
  name: 'slack forged',
  what: 'requests over HTTP that Slack did not send, or sent once before',
  goal: 'none is accepted; the genuine one beside each is',
  async run() {
    const all = Object.values(forgeries);
    let accepted = 0;
    let genuinely = 0;
    for (const forge of all) {
      const [falsely, truly, again] = await attack(forge);
      accepted += Number(falsely) + Number(again);
      genuinely += Number(truly);
    }
    return {
      figure: `${all.length} forged and ${all.length} replayed, ${accepted} accepted; ${genuinely} of ${all.length} genuine accepted`,
      met: accepted === 0 && genuinely === all.length && all.length >= 30,
    };
  },
};

/** Whether the forgery, the genuine request and the same once more are accepted, by a server that is new: it remembers what it took. */
async function attack(forge: (bot: Target) => Request): Promise<readonly [boolean, boolean, boolean]> {
  const secret = newSecret();
  let taken = 0;
  const source = httpSource({ signingSecrets: [secret], address: '127.0.0.1:0', log: silent });
  const stop = new AbortController();
  const accept = (): undefined => {
    taken += 1;
  };
  const ended = source.run(accept, () => {}, stop.signal);
  await until(() => source.url !== undefined, 5_000, 'the server');
  const { url = '' } = source;
  const send = async (request: Request): Promise<boolean> => {
    const before = taken;
    // Some are cut off.
    await exchange(url, request).catch(() => undefined);
    return taken > before;
  };
  const bot = { secret, timestamp: Math.floor(Date.now() / 1000) };
  const outcome = [await send(forge(bot)), await send(genuine(bot)), await send(genuine(bot))] as const;
  stop.abort();
  await ended;
  return outcome;
}
