import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { scene } from './scene.ts';

test('several workspaces are served by one bot, each by its own token', async () => {
  const more: { team: string; token: string }[] = [];
  const { fake, ran } = await scene({
    input: (fake) => {
      const other = fake.addWorkspace({ team: 'T0OTHER', enterprise: 'E0GRID' });
      more.push(other);
      return { tokens: [fake.home.token, other.token] };
    },
  });
  const channel = fake.addChannel({ team: 'T0OTHER' });
  const user = fake.addUser({ team: 'T0OTHER' });
  await fake.mention({ team: 'T0OTHER', channel, user, typed: 'echo there' });
  await fake.mention({ typed: 'echo here' });
  await until(() => ran.length === 2);
  const shown = await until(() => fake.channel(channel, 'T0OTHER').find(({ byBot }) => byBot));
  expect(JSON.stringify(shown.blocks)).toContain('there');
  await until(() => fake.channel().some(({ byBot }) => byBot));
  const teams = fake.calls('chat.postMessage').map(({ team }) => team);
  expect(new Set(teams)).toEqual(new Set([fake.home.team, 'T0OTHER']));
});

test('an app of a whole organization answers in its workspaces', async () => {
  const { fake, ran } = await scene({
    input: (fake) => {
      const grid = fake.addWorkspace({ team: 'T0GRID', enterprise: 'E0GRID', orgWide: true });
      return { tokens: [grid.token] };
    },
  });
  const channel = fake.addChannel({ team: 'T0GRID' });
  await fake.mention({ team: 'T0GRID', channel, user: fake.addUser({ team: 'T0GRID' }), typed: 'echo there' });
  await until(() => ran.length === 1);
  await until(() => fake.channel(channel, 'T0GRID').find(({ byBot }) => byBot));
});

test('who comes from another company is known by both ids', async () => {
  const senders: string[] = [];
  const { fake } = await scene({
    commands: [
      {
        name: 'whoami',
        usage: 'whoami',
        description: 'Says who asks',
        source: { kind: 'builtin' },
        run: async ({ caller }) => {
          senders.push(`${caller.user} in ${caller.room}`);
          return { kind: 'text', text: caller.user };
        },
      },
    ],
  });
  await fake.mention({ typed: 'whoami' });
  await until(() => senders.length === 1);
  await fake.mention({ typed: 'whoami', user: fake.addUser({ id: 'U0GUEST' }), userTeam: 'T0GUEST' });
  await until(() => senders.length === 2);
  const room = `${fake.home.team}/${fake.general}`;
  expect(senders).toEqual([`${fake.home.team}/${fake.user} in ${room}`, `T0GUEST/U0GUEST in ${room}`]);
});

test('a token that Slack refuses ends the input and is named by its place alone', async () => {
  const { input, log } = await scene({ input: () => ({ tokens: ['xoxb-no-such-token'] }), startsWell: false });
  await until(() => input.outage?.reason.includes('invalid_auth'));
  expect(input.outage?.reason).toBe('invalid credentials: Slack refuses slack_token (invalid_auth)');
  expect(log.lines.join()).not.toContain('xoxb');
});

test('a Slack that is down when the bot starts is two lines in the log, and told meanwhile', async () => {
  const { fake, input, log, ran } = await scene({ startsWell: false, isDown: true });
  await until(() => input.outage?.reason.includes('ECONNREFUSED'));
  await fake.up();
  await until(() => input.outage === undefined);
  await fake.mention({ typed: 'echo hello' });
  await until(() => ran.length === 1);
  const told = log.lines.filter((line) => !line.startsWith('debug'));
  expect(told).toEqual(['warn: Slack is out of reach', 'info: Slack is in reach', 'info: listening on Slack']);
});
