import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { ask, openWorld, wanted, whats } from './world.ts';

describe('approvals and the end of the bot', () => {
  it('waits on after a restart, with the agreements that were given', async () => {
    await using world = await openWorld();
    const code = await ask(world, { confirm: true, approvals: 2 });
    await world.say('memory:ann', `confirm ${code}`);
    await world.restart();
    await world.say('memory:ben', `approve ${code}`);
    await world.restart();
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('you agreed already');
    expect(await world.say('memory:ann', `approve ${code}`)).toContain('themselves');
    expect(await world.say('memory:cy', `approve ${code}`)).toContain('runs now');
    expect(world.grants).toMatchObject([{ hash: 'abc', wanted: wanted({ confirm: true, approvals: 2 }) }]);
  });

  it('is too old after a restart when its time was up meanwhile, and that is told', async () => {
    await using world = await openWorld({ forMs: 1_000 });
    const code = await ask(world);
    world.now += 2_000;
    await world.restart();
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('is too old');
    await until(() => world.told.some((line) => line.includes('is too old')));
    expect(world.grants).toEqual([]);
  });

  it('killed between using it up and running: it is not run again, and everybody knows that nobody knows', async () => {
    await using world = await openWorld();
    const copy = await mkdtemp(join(tmpdir(), 'killed-'));
    let copied: Promise<void> | undefined;
    world.onRun = () => {
      // What the disk has at this very moment is what a kill would leave.
      copied = cp(world.directory, copy, { recursive: true, filter: (path) => !path.includes('lock') });
      return copied;
    };
    const code = await ask(world);
    await world.say('memory:ben', `approve ${code}`);
    await until(() => copied !== undefined);
    await copied;
    expect(await readFile(join(copy, 'approvals.json'), 'utf8')).not.toContain('"line":"deploy');
    await world.restart(copy);
    await until(() => whats(world).includes('approval lost'));
    expect(world.notes.at(-1)).toMatchObject({
      person: 'ann',
      details: { why: expect.stringContaining('unknown') as string },
    });
    await until(() => world.told.some((line) => line.includes('is not run again')));
    expect(await world.say('memory:cy', `approve ${code}`)).toContain('was used up');
    expect(world.grants).toHaveLength(1);
    const lost = (): number => whats(world).filter((what) => what === 'approval lost').length;
    await until(async () => !(await readFile(join(copy, 'approvals.json'), 'utf8')).includes('"code"'));
    await world.restart(copy);
    expect(await world.say('memory:cy', 'approvals')).toBe('Nothing waits for you.');
    expect(lost()).toBe(1);
    await rm(copy, { recursive: true, force: true });
  });

  it('one that began is forgotten, and told by nobody', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    await world.say('memory:ben', `approve ${code}`);
    const file = join(world.directory, 'approvals.json');
    await until(async () => !(await readFile(file, 'utf8')).includes('"code"'));
    await world.restart();
    expect(await world.say('memory:ben', 'approvals')).toBe('Nothing waits for you.');
    expect(whats(world)).toEqual(['approval asked', 'approval given', 'approval used']);
  });

  it('never writes a line that has secrets, and says after a restart that it is lost', async () => {
    await using world = await openWorld();
    const masked = { line: 'login --password hunter2', shown: 'login --password [secret]', isMasked: true };
    const code = await ask(world, masked);
    const used = await ask(world, masked);
    expect(await world.say('memory:ben', `approve ${used}`)).toContain('runs now');
    expect(world.grants[0]?.wanted.line).toBe('login --password hunter2');
    expect(await readFile(join(world.directory, 'approvals.json'), 'utf8')).not.toContain('hunter2');
    expect(JSON.stringify([world.notes, world.told])).not.toContain('hunter2');
    await world.restart();
    await until(() => world.told.some((line) => line.includes('its line has secrets')));
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('was lost when the bot went down');
    expect(world.grants).toHaveLength(1);
  });

  it('runs nothing when the state cannot be written, and goes on where it was when it can', async () => {
    await using world = await openWorld();
    const one = await ask(world);
    const two = await ask(world, { approvals: 2 });
    world.stateFails = true;
    await expect(world.approvals.ask(wanted())).rejects.toThrow('cannot be kept: the disk of the state is full');
    expect(await world.say('memory:ben', `approve ${one}`)).toContain('nothing was run: the disk of the state is full');
    expect(await world.say('memory:ben', `approve ${two}`)).toContain('nothing was run');
    expect(world.grants).toEqual([]);
    world.stateFails = false;
    expect(await world.say('memory:ben', `approve ${two}`)).toContain('1 of 2 approvals');
    expect(await world.say('memory:ben', `approve ${one}`)).toContain('runs now');
  });

  it('denies at once even when that cannot be kept, and says so', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    world.stateFails = true;
    expect(await world.say('memory:ben', `deny ${code}`)).toContain('after a restart it may wait again');
    expect(await world.say('memory:cy', `approve ${code}`)).toContain('was denied by ben');
    expect(world.grants).toEqual([]);
  });

  it('runs nothing when the audit cannot be written', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    world.auditFails = true;
    await expect(world.approvals.ask(wanted())).rejects.toThrow('the disk of the audit is full');
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('nothing was run');
    expect(world.grants).toEqual([]);
    world.auditFails = false;
    expect(await world.say('memory:ben', 'approvals')).toContain(code);
    expect(await world.say('memory:ben', `approve ${code}`)).toContain('runs now');
  });

  it('begins anew when what was kept is no list of requests, rather than to run what somebody wrote into it', async () => {
    await using world = await openWorld();
    const code = await ask(world);
    const file = join(world.directory, 'approvals.json');
    const kept = await readFile(file, 'utf8');
    await writeFile(file, kept.replace('"approvals":1', '"approvals":-1'));
    await world.restart();
    expect(await world.say('memory:ann', `confirm ${code}`)).toContain('nothing waits under');
    expect(world.grants).toEqual([]);
  });

  it('says it when what was approved could not be started', async () => {
    await using world = await openWorld();
    world.onRun = () => {
      throw new Error('the bot goes');
    };
    const code = await ask(world);
    await world.say('memory:ben', `approve ${code}`);
    const why = 'it could not be started: the bot goes';
    await until(() => world.told.some((line) => line.endsWith(`was approved, and is not run: ${why}. Ask again.`)));
    await until(() => world.notes.some(({ what, details }) => what === 'approval lost' && details['why'] === why));
  });
});
