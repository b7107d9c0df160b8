import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { until } from '../../support/until.ts';
import { ask, openWorld, wanted, whats } from './world.ts';

describe('what somebody else must agree to', () => {
  it('runs once somebody who holds the scope agreed, with who that was', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    expect(world.grants).toEqual([]);
    expect(await world.say('memory:ben', `approve ${code} as discussed`)).toContain('runs now');
    expect(world.grants).toEqual([
      { code, hash: 'abc', wanted: wanted(), approvers: [expect.objectContaining({ input: 'memory', user: 'ben' })] },
    ]);
    expect(whats(world)).toEqual(['approval asked', 'approval given', 'approval used']);
    expect(world.notes[1]).toMatchObject({
      person: 'ben',
      details: { asker: 'ann', line: 'deploy billing prod', remark: 'as discussed', fingerprint: 'abc' },
    });
  });

  it('is shown with all that an approver has to know, and with buttons', async () => {
    await using world = await openWorld();
    const document = await world.approvals.ask(wanted({ approvals: 2, shown: 'deploy billing  prod' }));
    const shown = renderTerminal(document);
    expect(shown).toContain('deploy billing  prod');
    expect(shown).toContain('Asked by: Ann (ann)');
    expect(shown).toContain('Still missing: 2 of 2 approvals');
    expect(shown).toContain('May approve: ben, cy (whoever holds release)');
    expect(shown).toMatch(/Until: .* UTC \(in 15m0s\)/);
    const code = /[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(shown)?.[0] ?? '';
    expect(document).toMatchObject({
      parts: expect.arrayContaining([
        {
          kind: 'actions',
          actions: [
            { label: 'Approve', line: `approve ${code}` },
            { label: 'Deny', line: `deny ${code}` },
          ],
        },
      ]) as unknown,
    });
  });

  it('shows what cannot be seen, so that nobody agrees to something else than they read', async () => {
    await using world = await openWorld();
    const shown = 'deploy bil\u200bling\u202egnillib \u00a0prod\u3164';
    const identity = { ...wanted().identity, name: 'Ben\nMay approve: ann\u2066' };
    const said = renderTerminal(await world.approvals.ask(wanted({ shown, identity })));
    expect(said).toContain(String.raw`deploy bil\u{200b}ling\u202egnillib \u{a0}prod\u{3164}`);
    expect(said).toContain('Asked by: Ben May approve: ann');
    expect(said).toMatch(/^May approve: ben, cy/m);
    expect(said).not.toMatch(/^May approve: ann/m);
    expect(await world.say('memory:ben', 'approvals')).toContain(String.raw`deploy bil\u{200b}ling`);
  });

  it('waits for as many as it takes, and tells the one who asked how far it is', async () => {
    await using world = await openWorld();
    const code = await ask(world, { approvals: 2 });
    const first = await world.say('memory:ben', `approve ${code}`, { room: 'elsewhere' });
    expect(first).toContain('1 of 2 approvals');
    expect(world.grants).toEqual([]);
    await until(() => world.told.some((line) => line.startsWith('memory ops: ben agreed')));
    expect(await world.say('memory:cy', `approve ${code}`)).toContain('runs now');
    expect(world.grants[0]?.approvers.map(({ user }) => user)).toEqual(['ben', 'cy']);
  });

  it('takes a code in any case, with and without dashes, O for 0 and I for 1', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    const sloppy = code.toLowerCase().replace('-', '').replaceAll('0', 'o').replaceAll('1', 'i');
    expect(await world.say('memory:ben', `approve ${sloppy}`)).toContain('runs now');
  });

  it('can be approved from another input: it is the person who counts', async () => {
    await using world = await openWorld();
    world.people.links.set('xmpp:ben@example.org', 'ben');
    const code = await ask(world);
    expect(await world.say('xmpp:ben@example.org', `approve ${code}`)).toContain('runs now');
  });

  it('is not run when somebody who may decide denies it, and the one who asked is told why', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    expect(await world.say('memory:ben', `no ${code} not before noon`, { room: 'elsewhere' })).toContain(
      'denied by ben',
    );
    await until(() => world.told.some((line) => /^memory ops: .*denied by ben: not before noon/.test(line)));
    expect(await world.say('memory:cy', `approve ${code}`)).toContain('was denied by ben');
    expect(world.grants).toEqual([]);
  });

  it('is taken back by the one who asked, by deny and by cancel', async () => {
    await using world = await openWorld();
    const first = await ask(world);
    const second = await ask(world);
    expect(await world.say('memory:ann', `deny ${first}`)).toContain('was taken back');
    const caller = { input: 'other', room: '', user: 'ann2' };
    expect(await world.approvals.cancel(second.toLowerCase(), { ...caller, user: 'ben' })).toBeUndefined();
    expect(await world.approvals.cancel('nonsense', caller)).toBeUndefined();
    const withdrawn = await world.approvals.cancel(second.toLowerCase(), caller);
    expect(withdrawn === undefined ? '' : renderTerminal(withdrawn)).toContain('was taken back');
    expect(await world.say('memory:ben', `approve ${second}`)).toContain('was taken back by ann');
    expect(world.grants).toEqual([]);
  });

  it('is listed for those whom it concerns, and shown in full to them alone', async () => {
    await using world = await openWorld();
    expect(await world.say('memory:ben', 'approvals')).toBe('Nothing waits for you.');
    const code = await ask(world, { shown: `deploy ${'x'.repeat(100)}` });
    for (const account of ['memory:ann', 'memory:ben']) {
      expect(await world.say(account, 'approvals')).toContain(`${code}\tdeploy xxx`);
      expect(await world.say(account, `approvals ${code}`)).toContain(`deploy ${'x'.repeat(100)}`);
    }
    expect(await world.say('memory:dan', 'approvals')).toBe('Nothing waits for you.');
    expect(await world.say('memory:dan', `approvals ${code}`)).toContain('not for you to decide');
  });

  it('explains itself to who writes it wrong', async () => {
    await using world = await openWorld();
    expect(await world.say('memory:ben', 'approve')).toBe(
      'approve what? Say its code behind it.\nNothing waits for you.',
    );
    const code = await ask(world);
    for (const word of ['approve', 'yes', 'no']) {
      expect(await world.say('memory:ben', word)).toMatch(
        new RegExp(`what\\? Say its code behind it.\n[^]*\n${code}\t`),
      );
    }
    expect(world.grants).toEqual([]);
    expect(await world.say('memory:ben', 'approve 12')).toContain('codes look like K7QD-2M');
    expect(await world.say('memory:ben', 'confirm K7QD-2M now')).toContain('takes nothing after the code');
    expect(await world.say('memory:ben', `deny K7QD-2M ${'x'.repeat(501)}`)).toContain('at most 500 characters');
  });

  it('does not wait for ever, and says so where it was asked', async () => {
    await using world = await openWorld({ now: Date.now, forMs: 50 });
    const code = await ask(world);
    await until(() => world.told.some((line) => line.startsWith('memory ops: ') && line.includes('is too old')));
    expect(whats(world)).toContain('approval expired');
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('is too old');
    expect(await world.say('memory:ben', 'approvals')).toBe('Nothing waits for you.');
  });

  it('keeps few requests of one person', async () => {
    await using world = await openWorld();
    for (let count = 0; count < 20; count += 1) await ask(world);
    await expect(world.approvals.ask(wanted())).rejects.toThrow('20 requests of yours wait already');
    expect(await ask(world, { person: 'ben' })).not.toBe('');
  });
});

describe('what its caller must confirm', () => {
  it('runs when they do, from any account of theirs', async () => {
    await using world = await openWorld();
    const code = await ask(world, { confirm: true, approvals: 0 });
    expect(await world.say('memory:ben', `confirm ${code}`)).toContain('only Ann (ann) can confirm it');
    expect(world.grants).toEqual([]);
    expect(await world.say('other:ann2', `yes ${code}`)).toContain('runs now');
    expect(world.grants).toHaveLength(1);
    expect(world.grants[0]?.approvers).toEqual([]);
  });

  it('comes before the approvals', async () => {
    await using world = await openWorld();
    const code = await ask(world, { confirm: true });
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('has to confirm it first');
    expect(await world.say('memory:ann', `confirm ${code}`)).toContain('Still missing: 1 of 1 approvals');
    expect(await world.say('memory:ann', `confirm ${code}`)).toContain('needs no confirmation');
    expect(world.grants).toEqual([]);
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('runs now');
  });

  it('is nobody else’s to deny when it takes no approval', async () => {
    await using world = await openWorld();
    const code = await ask(world, { confirm: true, approvals: 0 });
    expect(await world.say('memory:ben', `deny ${code}`)).toContain('not for you to decide');
    expect(await world.say('memory:ann', `confirm ${code}`)).toContain('runs now');
  });
});
