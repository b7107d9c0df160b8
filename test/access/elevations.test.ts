import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { halfAnHour, openWorld, rule } from './glass-world.ts';

const reason = 'the database is down and nobody answers';

describe('break-glass', () => {
  it('gives the roles for a while, when the rooms were told, and writes it down', async () => {
    await using world = await openWorld();
    const held: boolean[] = [];
    world.onAnnounce = () => held.push(world.elevations.of('ann') !== undefined);
    expect(await world.say(`break glass ${reason}`)).toContain('You hold admin until');
    expect(held).toEqual([false, false]);
    expect(world.told).toHaveLength(2);
    expect(world.told[0]).toContain('slack #ops: Break-glass: Ann (ann) takes admin');
    expect(world.told[0]).toContain(`Reason: ${reason}`);
    expect(world.told[0]).toContain('(30m0s)');
    expect(world.elevations.of('ann')).toMatchObject({ roles: ['admin'], reason, until: world.now + halfAnHour });
    expect(world.elevations.of('ben')).toBeUndefined();
    expect(world.notes).toMatchObject([
      { what: 'break-glass', person: 'ann', details: { roles: 'admin', reason, told: 'slack #ops, xmpp ops' } },
    ]);
    expect(await world.say('break-glass', { person: 'dan' })).toContain(`Ann (ann)\tadmin\t`);
  });

  it('is over when its time is, to the millisecond, and everybody is told', async () => {
    await using world = await openWorld();
    await world.say(`break-glass ${reason}`);
    world.now += halfAnHour - 1;
    expect(world.elevations.of('ann')).toBeDefined();
    world.now += 1;
    expect(world.elevations.of('ann')).toBeUndefined();
    expect(await world.say('break-glass')).toBe('Nobody is elevated.');
  });

  it('ends by itself, and is announced when it does', async () => {
    await using world = await openWorld({ now: Date.now });
    world.rule = { ...rule, forMs: 50 };
    await world.say(`break-glass ${reason}`);
    await until(() => world.told.filter((line) => line.includes('no longer holds admin: the time is up')).length === 2);
    await until(() => world.notes.some(({ what }) => what === 'break-glass ended'));
    expect(JSON.parse(await readFile(join(world.directory, 'elevations.json'), 'utf8'))).toEqual([]);
  });

  it('ends when its person gives it back', async () => {
    await using world = await openWorld();
    expect(await world.say('break-glass off')).toContain('you hold nothing more than usual');
    await world.say(`break-glass ${reason}`);
    expect(await world.say('break-glass off', { person: 'ben', user: 'ben' })).toContain('nothing more than usual');
    expect(await world.say('break-glass OFF')).toBe('You no longer hold admin.');
    expect(world.elevations.of('ann')).toBeUndefined();
    await until(() => world.told.filter((line) => line.includes('given back')).length === 2);
    await world.restart();
    expect(world.elevations.of('ann')).toBeUndefined();
  });

  it.each([
    ['short', 'down'],
    ['made of signs', '!!!!!!!!!!!!'],
    ['made of gaps', '  a b  c '],
    ['short between its quotes', '"short one"'],
    ['made of dots and dashes', '... --- ... --- ...'],
    ['endless', 'x'.repeat(501)],
  ])('does not take a reason that is %s', async (_, said) => {
    await using world = await openWorld();
    expect(await world.say(`break-glass ${said}`)).toContain('say why');
    expect(world.told).toEqual([]);
    expect(world.elevations.of('ann')).toBeUndefined();
  });

  it.each([
    ['whom the access file does not name', { user: 'dan', person: 'dan' }],
    ['whom the network does not vouch for', { isKnown: false }],
    ['who can be told from nobody', { person: '' }],
  ])('is not for somebody %s, and the attempt is noted', async (_, about) => {
    await using world = await openWorld();
    const answer = await world.say(`break-glass ${reason}`, about);
    expect(answer).toContain('the glass stays whole');
    expect(world.told).toEqual([]);
    expect(world.notes).toMatchObject([{ what: 'break-glass refused' }]);
  });

  it('takes no effect when no room can be told', async () => {
    await using world = await openWorld();
    world.deaf = new Set(['#ops', 'ops']);
    expect(await world.say(`break-glass ${reason}`)).toContain('it could not be announced in any room');
    world.rule = { ...rule, announce: [] };
    expect(await world.say(`break-glass ${reason}`)).toContain('it could not be announced in any room');
    expect(world.elevations.of('ann')).toBeUndefined();
  });

  it('goes on when one of the rooms can be told, and notes which could not', async () => {
    await using world = await openWorld();
    world.deaf = new Set(['#ops']);
    expect(await world.say(`break-glass ${reason}`)).toContain('xmpp ops was told');
    expect(world.elevations.of('ann')).toBeDefined();
    expect(world.notes.at(-1)).toMatchObject({ details: { told: 'xmpp ops', 'not told': 'slack #ops' } });
  });

  it.each(['auditFails', 'stateFails'] as const)('takes no effect with %s, and the rooms are told', async (fault) => {
    await using world = await openWorld();
    world[fault] = true;
    expect(await world.say(`break-glass ${reason}`)).toContain('disk');
    expect(world.elevations.of('ann')).toBeUndefined();
    await until(() => world.told.filter((line) => line.includes('does not get admin')).length === 2);
    world[fault] = false;
    await world.restart();
    expect(world.elevations.of('ann')).toBeUndefined();
  });

  it('takes no effect when the access file changes while it is announced', async () => {
    await using world = await openWorld();
    world.onAnnounce = () => {
      world.rule = undefined;
    };
    expect(await world.say(`break-glass ${reason}`)).toContain('no longer allows it');
    expect(world.elevations.of('ann')).toBeUndefined();
  });

  it('is not made longer by the same words, but by a new reason', async () => {
    await using world = await openWorld();
    await world.say(`break-glass ${reason}`);
    world.now += 60_000;
    expect(await world.say(`break-glass ${reason.toUpperCase()}!`)).toContain('more time takes a new reason');
    expect(world.elevations.of('ann')?.until).toBe(world.now + halfAnHour - 60_000);
    await world.say('break-glass the second database is down as well');
    expect(world.elevations.of('ann')?.until).toBe(world.now + halfAnHour);
    expect(world.told).toHaveLength(4);
  });

  it('is broken once by somebody who says it twice at once', async () => {
    await using world = await openWorld();
    const answers = await Promise.all([world.say(`break-glass ${reason}`), world.say(`break-glass ${reason} too`)]);
    expect(answers.filter((answer) => answer.includes('You hold'))).toHaveLength(1);
    expect(world.told).toHaveLength(2);
  });

  it('survives a restart, and not its time', async () => {
    await using world = await openWorld();
    await Promise.all([
      world.say(`break-glass ${reason}`),
      world.say(`break-glass ${reason}`, { user: 'ben', person: 'ben' }),
    ]);
    await world.restart();
    expect(world.elevations.of('ann')).toMatchObject({ reason, until: world.now + halfAnHour });
    expect(world.elevations.of('ben')).toBeDefined();
    world.now += halfAnHour;
    await world.restart();
    expect(world.elevations.of('ann')).toBeUndefined();
    await until(() => world.told.filter((line) => line.includes('while the bot was down')).length === 4);
  });

  it('is not made longer by a clock that is put back', async () => {
    await using world = await openWorld();
    await world.say(`break-glass ${reason}`);
    world.now -= 3_600_000;
    expect(world.elevations.of('ann')).toBeUndefined();
  });

  it('ends when the access file no longer lets its person have it', async () => {
    await using world = await openWorld({ now: Date.now, checkMs: 20 });
    await world.say(`break-glass ${reason}`);
    world.rule = undefined;
    await until(() => world.elevations.of('ann') === undefined);
    await until(() => world.told.filter((line) => line.includes('no longer allows it')).length === 2);
  });

  it('does not wait for ever for a room', async () => {
    await using world = await openWorld({ announceMs: 20, announce: () => new Promise(() => {}) });
    expect(await world.say(`break-glass ${reason}`)).toContain('it could not be announced in any room');
  });

  it('tells a room that takes nothing later', async () => {
    await using world = await openWorld();
    await world.say(`break-glass ${reason}`);
    world.deaf = new Set(['#ops']);
    await world.say('break-glass off');
    world.deaf = new Set();
    await until(() => world.told.some((line) => line.startsWith('slack #ops') && line.includes('given back')));
  });
});
