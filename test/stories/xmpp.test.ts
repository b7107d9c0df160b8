import { expect, it, onTestFinished } from 'vitest';
import { type Env, type Micro, startMicro } from '../support/micro.ts';
import { type GoService, serveGo } from '../support/go.ts';
import { unique } from '../support/name.ts';
import { withGo } from '../support/namespace.ts';
import { startFakeSlack } from '../support/slack/fake.ts';
import { until } from '../support/until.ts';
import { eachServer } from '../support/xmpp/each-server.ts';
import { type Person, person } from '../support/xmpp/person.ts';
import type { XmppServer } from '../support/xmpp/server.ts';

interface Place {
  readonly bot: Micro;
  readonly room: string;
  readonly ada: Person;
  /** A service of this place, alone with its bot: others have commands of the same names. */
  readonly operations: (name: string) => Promise<GoService>;
}

/** `micro bot --inputs=xmpp` as people start it, in a room with somebody. */
async function startPlace(server: XmppServer, inputs = 'xmpp', more: Env = {}): Promise<Place> {
  const user = await server.addUser(unique('bot'));
  const name = unique('ops');
  await server.admin.createRoom(name, { identities: 'anyone' });
  const registryDomain = unique('place');
  const bot = startMicro(['bot', `--inputs=${inputs}`], {
    MICRO_MDNS_DOMAIN: registryDomain,
    MICRO_REGISTRY_ADDRESS: '127.0.0.1',
    MICRO_SERVER_ADDRESS: '127.0.0.1:0',
    MICRO_XMPP_JID: user.jid,
    MICRO_XMPP_PASSWORD: user.password,
    MICRO_XMPP_SERVER: `${server.host}:${server.port}`,
    MICRO_XMPP_CA: server.caFile,
    MICRO_XMPP_MUC: server.conference,
    MICRO_XMPP_ROOMS: name,
    ...more,
  });
  onTestFinished(async () => {
    bot.process.kill('SIGTERM');
    await bot.finished;
  });
  const room = `${name}@${server.conference}`;
  const ada = await person(server, unique('ada'));
  onTestFinished(() => ada.end());
  await ada.join(room, 'Ada');
  await ada.sees(({ from }) => from === `${room}/micro`);
  return { bot, room, ada, operations: (service) => serveGo('v1', 'operations', service, { registryDomain }) };
}

withGo('a Go service on mDNS', () => {
  eachServer('in XMPP', (server) => {
    it(
      'list, get, call, health, a command and a stream of it, in a room and between two',
      { timeout: 120_000 },
      async () => {
        const { bot, room, ada, operations } = await startPlace(server());
        const name = unique('go.micro.srv.operations');
        await operations(name);
        const ask = async (line: string, wanted: string): Promise<void> => {
          await ada.sayInRoom(room, `micro ${line}`);
          await ada.hears(({ from, body }) => from === `${room}/micro` && body.includes(wanted));
        };
        const answers = (): readonly string[] =>
          ada.messages.filter(({ from }) => from === `${room}/micro`).map(({ body }) => body);
        await until(async () => {
          const before = answers().length;
          await ada.sayInRoom(room, 'micro list services');
          await until(() => answers().length > before);
          return answers().at(-1)?.includes(name);
        });
        await ask(`get service ${name}`, 'Say.Hello');
        await ask(`call ${name} Say.Hello {"name": "John"}`, 'Hello John');
        await ask(`health ${name}`, 'ok');
        await ask('greet --name Ann', 'Hello Ann');
        await ask('count {"to": 3}', '"n": 3');
        const own = bot.stderr().match(/"account":"([^"]+)"/)?.[1] ?? '';
        await ada.say(own, 'greet --name Zoe');
        await ada.hears(({ from, body }) => from.startsWith(own) && body.includes('Hello Zoe'));
        expect(bot.stderr()).not.toMatch(/"level":"error"|pw-/);
      },
    );

    it('one incident is followed from Slack and from XMPP by one bot', { timeout: 120_000 }, async () => {
      const fake = await startFakeSlack({ postsPerSecond: 1_000, burst: 1_000 });
      onTestFinished(() => fake.stop());
      const { bot, room, ada, operations } = await startPlace(server(), 'slack,xmpp', {
        MICRO_SLACK_TOKEN: fake.home.token,
        MICRO_SLACK_APP_TOKEN: fake.appToken,
        MICRO_SLACK_API_URL: fake.apiUrl,
      });
      await until(() => bot.stderr().includes('listening on Slack'));
      const inSlack = (wanted: string): Promise<unknown> =>
        until(() => fake.channel().some(({ byBot, blocks }) => byBot && JSON.stringify(blocks).includes(wanted)));
      await ada.sayInRoom(room, 'micro watch services');
      await fake.mention({ typed: 'watch services' });
      await ada.hears(({ body }) => body.includes('watching all services'));
      await inSlack('watching all services');
      const name = unique('go.micro.srv.operations');
      const service = await operations(name);
      await ada.hears(({ body }) => body.includes(`+ ${name}`) || body.includes(name));
      await inSlack(name);
      await service.stop();
      await ada.sayInRoom(room, 'micro stop');
      await fake.mention({ typed: 'stop' });
      await ada.hears(({ body }) => body.includes('cancelled'));
      await inSlack('cancelled');
    });
  });
});
