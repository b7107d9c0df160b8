import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { openWorld, ask, whats, wanted } from './world.ts';

describe('attacks on approvals', () => {
  it('nobody approves what they asked for, and the attempt is noted', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    expect(await world.say('memory:ann', `approve ${code}`)).toContain(
      'nobody approves what they asked for themselves',
    );
    expect(world.grants).toEqual([]);
    expect(world.notes.at(-1)).toMatchObject({ what: 'approval refused', person: 'ann', details: { verb: 'approve' } });
  });

  it('an account that is linked to the one who asked is no second person, whenever it was linked', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    expect(await world.say('other:ann2', `approve ${code}`)).toContain('themselves');
    world.people.add('puppet', ['other:puppet'], 'release');
    world.people.links.set('other:puppet', 'ann');
    expect(await world.say('other:puppet', `approve ${code}`)).toContain('themselves');
    expect(world.grants).toEqual([]);
  });

  it('the account that asked stays the one who asked, when it is unlinked meanwhile', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    world.people.add('other person', ['memory:ann'], 'release');
    expect(await world.say('memory:ann', `approve ${code}`)).toContain('themselves');
    expect(await world.say('other:ann2', `approve ${code}`)).toContain('themselves');
    expect(world.grants).toEqual([]);
  });

  it('one person is not two approvers, not even by two accounts', async () => {
    await using world = await openWorld();
    world.people.links.set('other:ben', 'ben');
    const code = await ask(world, { approvals: 2 });
    await world.say('memory:ben', `approve ${code}`);
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('you agreed already');
    expect(await world.say('other:ben', `approve ${code}`)).toContain('you agreed already');
    expect(world.grants).toEqual([]);
  });

  it('two who agreed and turn out to be one person count once', async () => {
    await using world = await openWorld();
    const code = await ask(world, { approvals: 3 });
    await world.say('memory:ben', `approve ${code}`);
    await world.say('memory:cy', `approve ${code}`);
    world.people.links.set('memory:cy', 'ben');
    world.people.add('eve', ['memory:eve'], 'release');
    expect(await world.say('memory:eve', `approve ${code}`)).toContain('1 of 3 approvals');
    expect(world.grants).toEqual([]);
  });

  it.each([
    ['holds no role', 'memory:dan', {}],
    ['is nobody the access file knows', 'memory:mallory', {}],
    ['is not vouched for by the network', 'memory:ben', { isKnown: false }],
    ['is a stranger to the access rules', 'memory:stranger', {}],
    ['has the name of an object’s own members', 'memory:constructor', {}],
    ['has the name of the prototype', 'memory:__proto__', {}],
  ] as const)('somebody who %s cannot approve, confirm or deny', async (_, account, about) => {
    await using world = await openWorld();
    world.people.strangers.add('memory:stranger');
    const code = await ask(world);
    const confirmed = await ask(world, { confirm: true, approvals: 0 });
    for (const verb of ['approve', 'deny'])
      expect(await world.say(account, `${verb} ${code}`, about)).not.toContain('runs');
    for (const verb of ['confirm', 'deny'])
      expect(await world.say(account, `${verb} ${confirmed}`, about)).not.toContain('runs');
    expect(world.grants).toEqual([]);
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('runs now');
    expect(await world.say('memory:ann', `confirm ${confirmed}`)).toContain('runs now');
  });

  it('somebody whom the network does not vouch for is nobody, whatever the access rules say', async () => {
    await using world = await openWorld();
    const { people } = world;
    const personOf = people.personOf.bind(people);
    people.personOf = (identity) => ({ ...personOf(identity), isKnown: true });
    const code = await ask(world);
    expect(await world.say('memory:ben', `approve ${code}`, { isKnown: false })).toContain('your word does not count');
    expect(world.grants).toEqual([]);
  });

  it('where no scope is asked for, somebody whom the access file does not name is nobody', async () => {
    await using world = await openWorld();
    const code = await ask(world, { scopes: [] });
    expect(await world.say('memory:mallory', `approve ${code}`)).toContain('only somebody whom the access file names');
    expect(await world.say('memory:dan', `approve ${code}`)).toContain('runs now');
  });

  it('every scope is needed, not one of them', async () => {
    await using world = await openWorld();
    world.people.add('half', ['memory:half'], 'release');
    const code = await ask(world, { scopes: ['release', 'money'] });
    expect(await world.say('memory:half', `approve ${code}`)).toContain('that takes money');
    expect(world.grants).toEqual([]);
  });

  it('an approver who lost the role no longer counts', async () => {
    await using world = await openWorld();
    const code = await ask(world, { approvals: 2 });
    await world.say('memory:ben', `approve ${code}`);
    world.people.roles.set('ben', new Set());
    const answer = await world.say('memory:cy', `approve ${code}`);
    expect(answer).toContain('Somebody who agreed before may no longer do so');
    expect(answer).toContain('1 of 2 approvals');
    expect(world.grants).toEqual([]);
    world.people.add('eve', ['memory:eve'], 'release');
    expect(await world.say('memory:eve', `approve ${code}`)).toContain('runs now');
    expect(world.grants[0]?.approvers.map(({ user }) => user)).toEqual(['cy', 'eve']);
  });

  it('an approver whom the network no longer vouches for does not count', async () => {
    await using world = await openWorld();
    const code = await ask(world, { approvals: 2 });
    await world.say('memory:ben', `approve ${code}`);
    world.people.strangers.add('memory:ben');
    expect(await world.say('memory:cy', `approve ${code}`)).toContain('1 of 2 approvals');
    expect(world.grants).toEqual([]);
  });

  it('an approver who loses the role while the last agreement is written stops it', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    world.onNote = ({ what }) => {
      if (what === 'approval used') world.people.roles.set('ben', new Set());
    };
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('somebody who agreed may no longer do so');
    await until(() => whats(world).includes('approval lost'));
    expect(await world.say('memory:cy', `approve ${code}`)).toContain('was not run');
    expect(world.grants).toEqual([]);
  });

  it('a code is good for one time', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    await world.say('memory:ben', `approve ${code}`);
    for (const account of ['memory:ben', 'memory:cy', 'memory:ann']) {
      for (const verb of ['approve', 'confirm', 'deny']) {
        expect(await world.say(account, `${verb} ${code}`)).toContain('was approved by ben and runs');
      }
    }
    await world.restart();
    for (const verb of ['approve', 'confirm', 'deny']) await world.say('memory:ben', `${verb} ${code}`);
    expect(world.grants).toHaveLength(1);
  });

  it('a hundred who approve at the same moment let it run once', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    const accounts = Array.from({ length: 100 }, (_, index) => `memory:user${index}`);
    for (const account of accounts) world.people.add(account, [account], 'release');
    const answers = await Promise.all(accounts.map((account) => world.say(account, `approve ${code}`)));
    expect(answers.filter((answer) => answer.includes('runs now'))).toHaveLength(1);
    expect(world.grants).toHaveLength(1);
  });

  it('of two for the one place that is left, one has it', async () => {
    await using world = await openWorld();
    world.people.add('eve', ['memory:eve'], 'release');
    const code = await ask(world, { approvals: 2 });
    await world.say('memory:eve', `approve ${code}`);
    const answers = await Promise.all(['memory:ben', 'memory:cy'].map((each) => world.say(each, `approve ${code}`)));
    expect(answers.filter((answer) => answer.includes('runs now'))).toHaveLength(1);
    expect(world.grants).toHaveLength(1);
  });

  it('what is approved and denied at once ends one way', async () => {
    await using world = await openWorld();
    for (const verbs of [
      ['approve', 'deny'],
      ['deny', 'approve'],
    ]) {
      const before = world.grants.length;
      const code = await ask(world);
      const answers = await Promise.all(
        verbs.map((verb, index) => world.say(index === 0 ? 'memory:ben' : 'memory:cy', `${verb} ${code}`)),
      );
      expect(world.grants.length - before).toBe(verbs[0] === 'approve' ? 1 : 0);
      expect(answers[1]).toContain(verbs[0] === 'approve' ? 'was approved by ben' : 'was denied by ben');
    }
  });

  it('too old is too old, to the millisecond, and after a clock that stood still', async () => {
    await using world = await openWorld({ forMs: 1_000 });
    const code = await ask(world, { confirm: true, approvals: 0 });
    const other = await ask(world);
    world.now += 999;
    expect(await world.say('memory:ann', `approvals ${code}`)).toContain(code);
    world.now += 1;
    expect(await world.say('memory:ann', `confirm ${code}`)).toContain('is too old');
    expect(await world.say('memory:ben', `approve ${other}`)).toContain('is too old');
    expect(world.grants).toEqual([]);
  });

  it('a clock that is put back makes nothing wait for longer', async () => {
    await using world = await openWorld({ forMs: 900_000 });
    const code = await ask(world);
    world.now -= 60_000;
    expect(await world.say('memory:ben', 'approvals')).toContain(code);
    world.now -= 1;
    expect(await world.say('memory:ben', 'approvals')).toBe('Nothing waits for you.');
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('is too old');
    await until(() => world.told.some((line) => line.includes('is too old')));
    world.now += 60_001;
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('is too old');
    expect(world.grants).toEqual([]);
  });

  it('who guesses codes is out after five, even with a right one, and the audit has it', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    for (const guess of ['000000', '000001', '000002', '000003', '000004']) {
      expect(await world.say('memory:ben', `approve ${guess}`)).toContain('nothing waits under');
    }
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('too many wrong codes');
    expect(world.notes.at(-1)).toMatchObject({ what: 'approval codes guessed', person: 'ben' });
    expect(world.grants).toEqual([]);
    expect(await world.say('memory:cy', `approvals ${code}`)).toContain(code);
    world.now += 60_000;
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('runs now');
  });

  it('who guessed is not out for longer than a minute when the clock is put back', async () => {
    await using world = await openWorld();
    for (let guess = 0; guess < 5; guess += 1) await world.say('memory:ben', `approve 00000${guess}`);
    world.now -= 86_400_000;
    const code = await ask(world);
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('runs now');
  });

  it('broken access rules let nothing run, and what waited still waits', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    world.people.isBroken = true;
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('nothing was run');
    await expect(world.approvals.ask(wanted())).rejects.toThrow('broken');
    expect(world.grants).toEqual([]);
    world.people.isBroken = false;
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('runs now');
  });

  it('somebody whom the network does not vouch for cannot even ask', async () => {
    await using world = await openWorld();
    const identity = { ...wanted().identity, isKnown: false };
    await expect(world.approvals.ask(wanted({ identity }))).rejects.toThrow('does not say for sure who you are');
    expect(whats(world)).toEqual([]);
  });
});
