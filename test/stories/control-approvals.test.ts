import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { codeIn, me } from './control-house.ts';
import { openSlackHouse, type SlackHouse, textOf } from './control-slack-house.ts';

const rules = ({ ann, ben, cy }: SlackHouse['people'], more = ''): string => `
people: { ann: ["${ann.account}"], ben: ["${ben.account}"], cy: ["${cy.account}"] }
roles: { release: [ann, ben], auditor: ben }
break_glass: { people: [cy], roles: release, for: 30m, announce: "slack #ops" }
console: nobody
${more}`;

it(
  'runs what somebody else agreed to, by button or by code, once, and nobody’s own',
  { timeout: 120_000 },
  async () => {
    const { people, ops, open, operations, kept } = await openSlackHouse(rules);
    const { ann, ben, cy } = people;
    await open();
    // The service is found.
    await until(async () => textOf(await ann.say('help promote', 'promote')).includes('Operations.Promote'));
    expect(textOf(await cy.say('promote billing', 'promote wants the role release', ops))).toContain(
      'as its author says',
    );

    const asked = await ann.say('promote billing', 'one person other than anna must agree', ops);
    const code = codeIn(textOf(asked));
    await ann.press(asked, 'Approve');
    await ann.hears('nobody approves what they asked for themselves', ops);
    await cy.say(`approve ${code}`, `${code}: that takes release, which you do not hold`);
    expect(operations.ran).toEqual([]);
    await ben.press(asked, 'Approve');
    await ann.hears('promote billing prod is done', ops);
    await ben.say(`approve ${code}`, `${code} was approved by ben and runs`);
    expect(operations.ran).toEqual(['promote billing prod']);

    const second = await ann.say('promote shop', 'must agree', ops);
    await ben.say(`approve ${codeIn(textOf(second))} as discussed`, 'runs now');
    await ann.hears('promote shop prod is done', ops);
    const third = await ann.say('promote third', 'must agree', ops);
    await ben.say(`deny ${codeIn(textOf(third))} not today`, 'not today');
    await ann.hears('not today', ops);
    expect(operations.ran).toEqual(['promote billing prod', 'promote shop prod']);
    await ben.say('audit command=promote', 'promote shop');
    expect(await kept()).toContain(
      `"line":"promote shop","isMasked":false,"cause":"approval ${codeIn(textOf(second))}","decision":"open to who holds release","approvers":["ben"]`,
    );
  },
);

it('keeps what waits when it is killed, and what was used up is used up', { timeout: 120_000 }, async () => {
  const house = await openSlackHouse(rules);
  const { people, ops, open, operations } = house;
  const { ann, ben } = people;
  const bot = await open();
  await until(async () => textOf(await ann.say('help promote', 'promote')).includes('Operations.Promote'));
  const code = codeIn(textOf(await ann.say('promote billing', 'must agree', ops)));
  bot.process.kill('SIGKILL');
  await bot.finished;

  const again = await open();
  await until(async () => textOf(await ann.say('help promote', 'promote')).includes('Operations.Promote'));
  await ann.say(`approve ${code}`, 'nobody approves what they asked for themselves');
  await ben.say(`approve ${code.toLowerCase()}`, 'runs now');
  await ann.hears('promote billing prod is done', ops);
  again.process.kill('SIGKILL');
  await again.finished;

  await open();
  await ben.say(`approve ${code}`, code);
  expect(operations.ran).toEqual(['promote billing prod']);
});

it(
  'killed right after what was approved: an end that is recorded is told, and no other',
  { timeout: 120_000 },
  async () => {
    const { people, ops, open, operations, kept, fake } = await openSlackHouse((all) =>
      rules(all, `rules: [{ command: hold, people: [ann, ben], roles: release, approvals: 1 }]\n`),
    );
    const { ann, ben } = people;
    const bot = await open();
    await until(async () => textOf(await ann.say('help promote', 'promote')).includes('Operations.Promote'));
    const running = codeIn(textOf(await ann.say('hold billing', 'must agree', ops)));
    const done = codeIn(textOf(await ann.say('promote shop', 'must agree', ops)));
    await ben.say(`approve ${running}`, 'runs now');
    await until(() => operations.held.length === 1);
    // Shown, but the bot never hears of it: what ran has its end, and is not known to have been told.
    const heal = fake.trouble('chat.postMessage', { kind: 'silent' });
    await ben.say(`approve ${done}`, 'runs now');
    const answer = textOf(await ann.hears('promote shop prod is done', ops));
    expect(answer).toContain(`${done}, "promote shop", asked for by anna (ann):`.replaceAll('"', '\\"'));
    await until(async () => {
      const id = new RegExp(`"id":"([0-9]+)"[^\\n]*"cause":"approval ${done}"`).exec(await kept())?.[1];
      return new RegExp(`"kind":"ended","id":"${id}","outcome":"done"`).test(await kept());
    });
    bot.process.kill('SIGKILL');
    await bot.finished;
    heal();

    await open();
    const told = textOf(await ann.hears('ran and ended before the bot went down: done', ops));
    expect(told).toContain(done);
    const lost = textOf(await ann.hears('nobody knows what became of it', ops));
    expect(lost).toContain(running);
    expect(lost).not.toContain(done);
    expect(operations.ran).toEqual(['hold billing', 'promote shop prod']);
  },
);

it('takes the word of nobody’s own other account', { timeout: 120_000 }, async () => {
  const { people, ops, open, operations } = await openSlackHouse((all) =>
    rules(all, `groups: { desk: ["console:${me}"] }\n`).replace('release: [ann, ben]', 'release: [ann, ben, desk]'),
  );
  const { ann, ben } = people;
  const bot = await open('console');
  await until(async () => textOf(await ann.say('help promote', 'promote')).includes('Operations.Promote'));
  const type = async (line: string, wanted: RegExp): Promise<string> => {
    const from = bot.stdout().length;
    bot.process.stdin.write(`${line}\n`);
    return (await until(() => wanted.exec(bot.stdout().slice(from))))[0];
  };
  const code = await type('link', /link [0-9A-Z]{4}-[0-9A-Z]{4}/);
  await ann.say(code, 'yes');
  await ann.say(`${code} yes`, 'is asked. Nothing is linked before they say');
  await until(() => bot.stdout().includes('These two accounts would be one person'));
  await type(`${code} yes`, /are one person now/);
  await type('whoami', /You: ann/);

  const asked = codeIn(textOf(await ann.say('promote billing', 'must agree', ops)));
  await type(`approve ${asked}`, /nobody approves what they asked for themselves/);
  expect(operations.ran).toEqual([]);
  await ben.say(`approve ${asked}`, 'runs now');
  await ann.hears('promote billing prod is done', ops);
});

it(
  'lets nothing be changed in a freeze, but in an emergency, of which everybody is told',
  { timeout: 120_000 },
  async () => {
    const freeze = 'freezes: [{ from: 2020-01-01T00:00:00Z, to: 2100-01-01T00:00:00Z, because: year end }]\n';
    const house = await openSlackHouse((all) => rules(all, freeze));
    const { people, ops, open, operations, rule } = house;
    const { ann, cy } = people;
    await open();
    await until(async () => textOf(await ann.say('help promote', 'promote')).includes('Operations.Promote'));
    await ann.say('deploy billing staging', 'no changes at the moment: year end');
    await ann.say('report billing', 'report billing prod is done');
    await ann.say('break-glass the database is down', 'the access file does not let you');
    await cy.say('break-glass down', 'say why');
    await cy.say('break-glass the database is down', 'You hold release until');
    await ann.hears('the database is down', ops);
    await cy.say('promote billing', 'promote billing prod is done');
    await cy.say('break-glass off', 'release');
    await cy.say('deploy billing staging', 'no changes at the moment');
    expect(operations.ran).toEqual(['report billing prod', 'promote billing prod']);
    await rule(rules(people));
    await until(async () => textOf(await ann.say('can i deploy billing staging', ':')).includes('yes'));
    await ann.say('deploy billing staging', 'deploy billing staging is done');
  },
);

it('limits a room by its name from the first message on', { timeout: 120_000 }, async () => {
  const limits = 'rooms: { "#ops": { commands: [help, report] }, "*": { commands: "*" } }\n';
  const { people, ops, open, operations } = await openSlackHouse((all) => rules(all, limits));
  const { ann } = people;
  await open();
  await until(async () => textOf(await ann.say('help deploy', 'deploy')).includes('Operations.Deploy'));
  // Slack has not told yet what this channel is called.
  await ann.say('deploy billing staging', 'deploy may not run in this room', ops);
  await ann.say('deploy shop staging > #ops', 'deploy may not run in this room');
  await ann.say('report billing', 'report billing prod is done', ops);
  await ann.say('deploy third staging', 'deploy third staging is done');
  expect(operations.ran).toEqual(['report billing prod', 'deploy third staging']);
});
