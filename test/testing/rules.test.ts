import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { testBot } from '../../src/testing/bot.ts';
import { command } from '../support/bot.ts';

const access = `
people:
  ann: [test:ann, slack:T1/U1]
  ben: test:ben
  cid: slack:T1/U3
roles:
  deployer: [ann, ben]
rules:
  - command: deploy
    roles: deployer
  - command: deploy
    with: { args: prod }
    approvals: 1
`;
const deploy: Command = {
  ...command('deploy', ({ args }) => `${args.after(0)} is out`),
  plan: ({ args: { words } }) => ({ parameters: new Map([['args', words]]), secrets: [] }),
};

describe('people', () => {
  it('are those of the access file', async () => {
    await using bot = await testBot({ commands: [deploy], access });
    expect(await bot.say('deploy dev', { as: 'ann' })).toMatchObject({ outcome: 'done', text: 'dev is out' });
    expect(await bot.say('deploy dev', { as: 'cid' })).toMatchObject({ outcome: 'denied', kind: 'error' });
    expect((await bot.say('deploy dev', { as: 'eve' })).text).toContain('deployer');
    const [one, two] = [await bot.say('whoami', { as: 'cid' }), await bot.say('whoami', { as: 'ann', input: 'slack' })];
    expect([one.text, two.text]).toEqual([expect.stringContaining('cid'), expect.stringContaining('ann')]);
    expect((await bot.audit({ outcome: 'denied' })).map((each) => 'person' in each && each.person)).toEqual([
      'cid',
      'test:eve',
    ]);
  });

  it('are on networks where they have accounts', async () => {
    await using bot = await testBot({ access });
    await expect(bot.say('ping', { as: 'ben', input: 'slack' })).rejects.toThrow(
      'ben has no account on slack, only on test',
    );
  });

  it('may do what sets no conditions where there are no rules', async () => {
    const guarded: Command = { ...deploy, name: 'drop', guard: { scopes: ['admin'], confirm: false, approvals: 0 } };
    await using bot = await testBot({ commands: [deploy, guarded] });
    expect((await bot.say('deploy dev')).outcome).toBe('done');
    expect((await bot.say('drop it')).outcome).toBe('denied');
    expect((await bot.say('drop it', { input: 'console' })).outcome).toBe('done');
  });

  it('are not there when the rules cannot be read', async () => {
    await expect(testBot({ access: 'people: 7' })).rejects.toThrow(/^the access rules cannot be used:\n/);
  });
});

describe('what others must agree to', () => {
  it('waits, and its answer is heard where it was asked for', async () => {
    await using bot = await testBot({ commands: [deploy], access });
    const asked = await bot.say('deploy prod', { as: 'ann', in: '#ops' });
    expect(asked.outcome).toBe('waits');
    const line = asked.actions[0]?.line ?? '';
    expect(line).toMatch(/^approve /);
    expect((await bot.say(line, { as: 'cid', in: '#ops' })).outcome).not.toBe('done');
    expect(await bot.say(line, { as: 'ben', in: '#ops' })).toMatchObject({ outcome: 'done' });
    expect(await bot.heard('#ops')).toMatchObject({
      input: 'test',
      where: '#ops',
      text: expect.stringMatching(/"deploy prod", asked for by ann:\nprod is out$/) as string,
      kind: 'answer',
    });
    expect((await bot.audit({ command: 'deploy', outcome: 'done' }))[0]).toMatchObject({ approvers: ['ben'] });
  });

  it('is heard by its person alone where nobody reads along', async () => {
    await using bot = await testBot({ commands: [deploy], access });
    const { actions } = await bot.say('deploy prod', { as: 'ann' });
    const listening = bot.heard('ann');
    await bot.say(actions[0]?.line ?? '', { as: 'ben' });
    expect((await listening).text).toMatch(/"deploy prod", asked for by ann:\nprod is out$/);
  });
});

describe('time', () => {
  const now = '2026-11-20T09:00:00Z';

  it('makes schedules due when it passes', async () => {
    await using bot = await testBot({ commands: [command('tell', ({ args }) => args.after(0))], now });
    expect((await bot.say('in 2h tell lunch', { in: '#ops' })).outcome).toBe('done');
    await bot.pass(3_600_000);
    expect(await bot.audit({ command: 'tell' })).toEqual([]);
    await bot.pass(3_600_000);
    expect((await bot.heard('#ops')).text).toContain('lunch');
    expect((await bot.audit({ command: 'tell' }))[0]).toMatchObject({ at: expect.stringMatching(/^2026-11-20T11:00/) });
  });

  it('counts for rules', async () => {
    const frozen =
      'freezes:\n  - { from: 2026-11-20T10:00:00Z, because: it is a holiday }\ndefaults: { change: allow }';
    await using bot = await testBot({ commands: [deploy], access: frozen, now });
    expect((await bot.say('deploy dev')).outcome).toBe('done');
    await bot.pass(3_600_000);
    expect(await bot.say('deploy dev')).toMatchObject({ outcome: 'denied', text: expect.stringContaining('holiday') });
  });

  it('makes what waits for a word too old', async () => {
    await using bot = await testBot({ commands: [deploy], access, now });
    const { actions } = await bot.say('deploy prod', { as: 'ann' });
    await bot.pass(3_600_000);
    expect((await bot.say(actions[0]?.line ?? '', { as: 'ben' })).text).not.toContain('runs now');
    expect(await bot.audit({ command: 'deploy' })).toEqual([]);
  });

  it('lets each day have its turn', async () => {
    await using bot = await testBot({ commands: [command('tell', ({ args }) => args.after(0))], now });
    expect((await bot.say('every 24h tell lunch', { in: '#ops' })).outcome).toBe('done');
    await bot.pass(3 * 86_400_000);
    for (let day = 0; day < 3; day += 1) expect((await bot.heard('#ops')).text).toContain('lunch');
    expect(await bot.audit({ command: 'tell', outcome: 'done' })).toHaveLength(6);
  });

  it('goes by itself otherwise', async () => {
    await using bot = await testBot();
    await expect(bot.pass(1)).rejects.toThrow('the time goes by itself here: stop it with now');
    await expect(testBot({ now: 'noon' })).rejects.toThrow('noon is no moment');
  });
});
