import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createBot } from '../../../src/bot/bot.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { slackInput } from '../../../src/inputs/slack/slack.ts';
import { memoryState } from '../../../src/state/memory.ts';
import type { State } from '../../../src/state/state.ts';
import { openTaken } from '../../../src/state/taken.ts';
import { command } from '../../support/bot.ts';
import { freePort } from '../../support/daemon.ts';
import { type FakeSlack, startFakeSlack } from '../../support/slack/fake.ts';
import { until } from '../../support/until.ts';

const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';

/** A bot of its own on that Slack, with what the one before it kept. */
async function newBot(fake: FakeSlack, state: State, ran: string[]): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const input = slackInput({
    tokens: [fake.home.token],
    signingSecrets: [secret],
    address,
    apiUrl: fake.apiUrl,
    taken: await openTaken({ state, name: 'taken-slack' }),
  });
  const echo = command('echo', ({ args }) => {
    ran.push(args.after(0));
    return args.after(0);
  });
  const set = commandSet([echo]);
  const stop = new AbortController();
  const running = createBot({ inputs: [input], commands: () => set }).run(stop.signal);
  running.catch(() => {});
  onTestFinished(async () => {
    stop.abort();
    await running.catch(() => {});
  });
  await until(() => input.outage === undefined);
  return `http://${address}/slack/events`;
}

/** What Slack sends, handed on as it is. */
const handOn = async (to: string, request: IncomingMessage, body: Uint8Array): Promise<number> => {
  const wanted = Object.entries(request.headers).filter(([name]) => /^(?:content-type|x-slack-.*)$/.test(name));
  const headers = Object.fromEntries(wanted.map(([name, value]) => [name, String(value)]));
  // What the bot itself said comes here, too, also when it has gone by then.
  return fetch(to, { method: 'POST', headers, body }).then(
    ({ status }) => status,
    () => 502,
  );
};

test('what Slack sends again because it never heard that it came is not run by the next process', async () => {
  const fake = await startFakeSlack({ retryAfterMs: [0], postsPerSecond: 1_000, burst: 1_000 });
  onTestFinished(() => fake.stop());
  const state = memoryState();
  const ran: string[] = [];
  let address = await newBot(fake, state, ran);
  // Between the command and its acknowledgement the bot goes down.
  const relay = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const status = await handOn(address, request, body);
      const isLost = body.includes('echo once') && request.headers['x-slack-retry-num'] === undefined;
      if (isLost) {
        await until(() => ran.length === 1);
        address = await newBot(fake, state, ran);
      }
      response.writeHead(isLost ? 500 : status).end();
    })();
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  onTestFinished(() => void relay.close());
  const at = relay.address();
  fake.http({ url: `http://127.0.0.1:${typeof at === 'object' ? (at?.port ?? 0) : 0}/`, signingSecret: secret });
  expect(await fake.mention({ typed: 'echo once' })).toMatchObject({ acknowledged: true, attempts: 2 });
  await fake.mention({ typed: 'echo another' });
  await until(() => ran.includes('another'));
  expect(ran).toEqual(['once', 'another']);
});
