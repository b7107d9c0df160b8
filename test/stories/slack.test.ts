import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/daemon.ts';
import { serveGo } from '../support/go.ts';
import { type Env, type Micro, micro, startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';

import { withGo } from '../support/namespace.ts';
import { type FakeSlack, startFakeSlack } from '../support/slack/fake.ts';
import type { Shown } from '../support/slack/world.ts';
import { until } from '../support/until.ts';

interface Conversation {
  readonly fake: FakeSlack;
  readonly bot: Micro;
  /** Says something to the bot in the channel and returns its answer, which came whole. */
  readonly ask: (typed: string) => Promise<Shown>;
}

/** `micro bot --inputs=slack` as people start it, on a Slack of ours. */
async function startConversation(
  more: (fake: FakeSlack) => Env = () => ({}),
  registryDomain = unique('slack'),
): Promise<Conversation> {
  const fake = await startFakeSlack({ postsPerSecond: 1_000, burst: 1_000 });
  const bot = startMicro(['bot', '--inputs=slack'], {
    MICRO_MDNS_DOMAIN: registryDomain,
    MICRO_REGISTRY_ADDRESS: '127.0.0.1',
    MICRO_SERVER_ADDRESS: '127.0.0.1:0',
    MICRO_SLACK_TOKEN: fake.home.token,
    MICRO_SLACK_APP_TOKEN: fake.appToken,
    MICRO_SLACK_API_URL: fake.apiUrl,
    ...more(fake),
  });
  onTestFinished(async () => {
    bot.process.kill('SIGTERM');
    await bot.finished;
    await fake.stop();
  });
  await until(() => bot.stderr().includes('listening on Slack'));
  const answers = (): readonly Shown[] => fake.channel().filter(({ byBot }) => byBot);
  return {
    fake,
    bot,
    async ask(typed) {
      const before = answers().length;
      await fake.mention({ typed });
      return await until(() => answers()[before]);
    },
  };
}

const textOf = ({ blocks }: Shown): string => JSON.stringify(blocks);

withGo('Slack and a Go service on mDNS', () => {
  // The bot keeps to a message a second.
  it(
    'list, get, call, health, commands of the service, its slash command, a stream with progress, a button',
    { timeout: 120_000 },
    async () => {
      // Others have commands of the same names.
      const registryDomain = unique('slack');
      const { fake, ask, bot } = await startConversation(undefined, registryDomain);
      const name = unique('go.micro.srv.operations');
      const service = await serveGo('v1', 'operations', name, { registryDomain });
      await until(async () => textOf(await ask('list services')).includes(name));

      expect(textOf(await ask(`get service ${name}`))).toContain(service.address.split(':').at(-1));
      expect(textOf(await ask(`call ${name} Say.Hello {"name": "John"}`))).toContain('Hello John');
      // As Slack's editor makes it.
      expect(textOf(await ask(`call ${name} Say.Hello {“name”: “Mary”}`))).toContain('Hello Mary');
      const health = await ask(`health ${name}`);
      expect(health.blocks.map(({ type }) => type)).toContain('table');
      expect(textOf(health)).toContain('"ok"');
      expect(textOf(await ask('greet --name Ann'))).toContain('Hello Ann');

      const { acknowledged } = await fake.slash({ command: '/greet', text: '--name Zoe' });
      expect(acknowledged).toBe(true);
      await until(() => fake.channel().some((message) => message.byBot && textOf(message).includes('Hello Zoe')));

      const counted = await ask('count {"to": 3}');
      const shown = (): string => textOf(fake.channel().find(({ ts }) => ts === counted.ts) ?? counted);
      const third = /"n\\+": 3/;
      await until(() => third.test(shown())).catch(() => expect(shown()).toMatch(third));

      const unknown = await ask('lst services');
      const [, button = ''] = /"action_id":"(micro:run:[^"]+)"/.exec(textOf(unknown)) ?? [];
      const before = fake.channel().length;
      await fake.press(unknown, button);
      await until(() =>
        fake
          .channel()
          .slice(before)
          .some((message) => textOf(message).includes(name)),
      );
      expect(bot.stderr()).not.toContain('"level":"error"');
    },
  );

  it("the app is made of the bot's manifest, and gets the slash command of a service that comes later", async () => {
    const registryDomain = unique('slack');
    const env = { MICRO_MDNS_DOMAIN: registryDomain, MICRO_REGISTRY_ADDRESS: '127.0.0.1' };
    const manifest = await micro(['bot', 'manifest', '--output=json'], env);
    expect(manifest).toMatchObject({ code: 0, stderr: '' });
    await serveGo('v1', 'operations', unique('go.micro.srv.operations'), { registryDomain });
    const { fake } = await startConversation(({ appId, configuration }) => {
      configuration.manifests.set(appId, JSON.parse(manifest.stdout) as Readonly<Record<string, unknown>>);
      return { MICRO_SLACK_APP_ID: appId, MICRO_SLACK_CONFIG_TOKEN: configuration.token };
    }, registryDomain);
    await until(() => JSON.stringify(fake.configuration.manifests.get(fake.appId)).includes('"/greet"'));
    const later = await micro(['bot', 'manifest'], env);
    expect(later.stdout).toContain('- command: "/greet"\n      description: "Greets from Go');
  });

  it('over HTTP: what Slack signed is answered, what somebody else sends is not', async () => {
    const port = await freePort();
    const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
    const url = `http://127.0.0.1:${port}/slack/events`;
    const { fake, bot } = await startConversation((slack) => {
      slack.http({ url, signingSecret: secret });
      return {
        MICRO_SLACK_APP_TOKEN: '',
        MICRO_SLACK_SIGNING_SECRET: secret,
        MICRO_SLACK_ADDRESS: `127.0.0.1:${port}`,
      };
    });
    expect(await fake.verifyUrl()).toBe(true);
    const { acknowledged } = await fake.mention({ typed: 'echo signed' });
    expect(acknowledged).toBe(true);
    await until(() => fake.channel().some((message) => message.byBot && textOf(message).includes('signed')));
    const forged = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(forged.status).toBe(401);
    expect(bot.stderr()).not.toContain(secret);
  });

  it('tells in status how the input is', async () => {
    const { ask } = await startConversation();
    expect(textOf(await ask('status'))).toMatch(/Inputs: .*"slack"/);
  });
});
