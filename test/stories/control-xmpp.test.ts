import { expect, it, onTestFinished } from 'vitest';
import { serveGo } from '../support/go.ts';
import { startMicro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { withGo } from '../support/namespace.ts';
import { until } from '../support/until.ts';
import { eachServer } from '../support/xmpp/each-server.ts';
import { type Person, person } from '../support/xmpp/person.ts';
import { codeIn, openHouse } from './control-house.ts';

withGo('a command of a Go service that needs somebody’s word', () => {
  eachServer('in XMPP', (server) => {
    it(
      'runs when another one agreed by code, whatever people call themselves, also over a kill',
      { timeout: 120_000 },
      async () => {
        const at = server();
        const user = await at.addUser(unique('bot'));
        const name = unique('ops');
        await at.admin.createRoom(name, { identities: 'anyone' });
        const room = `${name}@${at.conference}`;
        const [ada, bob, eve] = await Promise.all(['ada', 'bob', 'eve'].map((each) => person(at, unique(each))));
        if (ada === undefined || bob === undefined || eve === undefined) throw new Error('somebody did not come');
        for (const each of [ada, bob, eve]) onTestFinished(() => each.end());
        const { domain, env, kept } = await openHouse(`
people: { ada: ["xmpp:${ada.user.jid}"], bob: ["xmpp:${bob.user.jid}"] }
roles: { release: [ada, bob] }
rules: [{ command: greet, roles: release, rooms: "xmpp:${room}", approvals: 1 }]
`);
        const start = () => {
          const bot = startMicro(['bot', '--inputs=xmpp'], {
            ...env,
            MICRO_MDNS_DOMAIN: domain,
            MICRO_REGISTRY_ADDRESS: '127.0.0.1',
            MICRO_SERVER_ADDRESS: '127.0.0.1:0',
            MICRO_XMPP_JID: user.jid,
            MICRO_XMPP_PASSWORD: user.password,
            MICRO_XMPP_SERVER: `${at.host}:${at.port}`,
            MICRO_XMPP_CA: at.caFile,
            MICRO_XMPP_MUC: at.conference,
            MICRO_XMPP_ROOMS: name,
          });
          onTestFinished(async () => {
            bot.process.kill('SIGKILL');
            await bot.finished;
          });
          return bot;
        };
        const ask = async (who: Person, line: string, wanted: string, withinMs = 30_000): Promise<string> => {
          const before = who.messages.length;
          await who.sayInRoom(room, `micro ${line}`);
          const { body } = await who.hears(
            (heard) =>
              who.messages.indexOf(heard) >= before && heard.from === `${room}/micro` && heard.body.includes(wanted),
            withinMs,
          );
          return body;
        };
        const bot = start();
        await ada.join(room, 'Ada');
        await bob.join(room, 'Bob');
        await eve.join(room, 'Eve');
        await ada.sees(({ from }) => from === `${room}/micro`);
        const service = unique('go.micro.srv.operations');
        await serveGo('v1', 'operations', service, { registryDomain: domain });
        await until(async () => (await ask(ada, 'list services', 'go.micro')).includes(service));

        expect(await ask(eve, 'greet --name Zoe', 'greet wants')).toContain('release');
        const code = codeIn(await ask(ada, 'greet --name Zoe', 'must agree'));
        // A name is nobody's.
        await bob.leave(room, 'Bob');
        await eve.rename(room, 'Bob');
        await ask(eve, `approve ${code}`, 'which you do not hold');
        await ask(ada, `approve ${code}`, 'nobody approves what they asked for themselves');
        expect(ada.messages.some(({ body }) => body.includes('Hello Zoe'))).toBe(false);
        bot.process.kill('SIGKILL');
        await bot.finished;

        start();
        await bob.join(room, 'Robert');
        // It is in the room again, with whoever is there, and has found the service: both take their time, one without the other.
        await until(() => ask(bob, 'help greet', 'Greets from Go', 1_000), 30_000);
        await ask(bob, `approve ${code.toLowerCase()}`, 'runs now');
        await ada.hears(({ from, body }) => from === `${room}/micro` && body.includes('Hello Zoe'));
        expect(await kept()).toContain('"approvers":["bob"]');
        // Nobody runs it elsewhere: not with the bot alone.
        await ada.say(user.jid, 'greet --name Zoe');
        await ada.hears(({ body }) => body.includes('greet wants the room'));
      },
    );
  });
});
