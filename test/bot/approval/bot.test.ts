import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAccess, type FileAccess } from '../../../src/access/create.ts';
import { createElevations, type RunningElevations } from '../../../src/access/elevations.ts';
import { memoryAudit } from '../../../src/audit/memory.ts';
import { createApprovals } from '../../../src/bot/approval/create.ts';
import type { Command } from '../../../src/commands/command.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { renderTerminal } from '../../../src/document/terminal.ts';
import { memoryInput } from '../../../src/inputs/memory/memory.ts';
import { silent } from '../../../src/log/log.ts';
import { fileState } from '../../../src/state/files.ts';
import { command, type RunningBot, runningBot } from '../../support/bot.ts';
import { until } from '../../support/until.ts';

const policy = `
people: { ann: ["memory:ann"], ben: ["memory:ben"], cy: ["memory:cy", "memory:cy2"], dan: ["memory:dan"] }
roles: { release: [ann, ben, cy] }
break_glass: { roles: [release], for: 30m, announce: ["memory ops"], people: [dan] }
`;

interface World extends AsyncDisposable {
  readonly bot: RunningBot;
  readonly access: FileAccess;
  readonly audit: ReturnType<typeof memoryAudit>;
  /** What was deployed, and by whom. */
  readonly ran: readonly string[];
  /** Of the service behind the command. */
  version: string;
  /** The service behind the command is not there. */
  isAway: boolean;
  say(person: string, line: string): Promise<string>;
  /** What was said in rooms without being asked for. */
  unasked(): string;
  changePolicy(text: string): Promise<void>;
}

async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'approving-bot-'));
  const file = join(directory, 'access.yaml');
  await writeFile(file, policy);
  const state = await fileState({ directory: join(directory, 'state') });
  const audit = memoryAudit();
  const ran: string[] = [];
  const chat = memoryInput('chat');
  const deploy: Command = command(
    'deploy',
    ({ args, caller }) => {
      ran.push(`${caller.user} ${args.after(0)}`);
      return `deployed ${args.after(0)}`;
    },
    {
      guard: { scopes: ['release'], confirm: false, approvals: 1 },
      plan: ({ args }) => ({
        parameters: new Map([['service', args.words]]),
        secrets: [],
        target: { service: 'deployer', endpoint: 'Deploy.Run', version: world.version },
      }),
    },
  );
  const wipe = command(
    'wipe',
    () => {
      ran.push('wipe');
      return 'wiped';
    },
    { guard: { scopes: ['release'], confirm: true, approvals: 0 } },
  );
  const elevations: RunningElevations = await createElevations({
    state,
    rules: () => access,
    announce: async ({ room }, document) => bot.input.reach({ kind: 'room', room }).say(document, 'answer'),
    audit,
  });
  const access = await createAccess({ file, state, elevations, log: silent, audit, pollMs: 50 });
  const approvals = await createApprovals({
    state,
    access,
    audit,
    announce: async ({ place }, document) => bot.input.reach(place).say(document, 'answer'),
  });
  const others = [wipe, ...approvals.commands, ...elevations.commands];
  const all = commandSet([deploy, ...others]);
  const rest = commandSet(others);
  const bot = runningBot([], {
    commands: () => (world.isAway ? rest : all),
    inputs: [chat],
    access,
    approvals,
    audit,
  });
  const world: World = {
    bot,
    access,
    audit,
    ran,
    version: '1.0.0',
    isAway: false,
    say: async (sender, line) => (await bot.say(line, { sender, room: 'ops' })).join('\n'),
    unasked: () => bot.input.unasked.map(({ document }) => renderTerminal(document)).join('\n'),
    async changePolicy(text) {
      const before = access.policy;
      await writeFile(file, text);
      await until(() => access.policy !== before);
    },
    async [Symbol.asyncDispose]() {
      chat.end();
      await bot[Symbol.asyncDispose]();
      await approvals.close();
      await elevations.close();
      await access.close();
      await state.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

const codeIn = (shown: string): string => /[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(shown)?.[0] ?? '';

describe('approvals in a bot', () => {
  it('runs what was agreed to in the name of the one who asked, and answers them', async () => {
    await using world = await openWorld();
    const asked = await world.say('ann', 'deploy billing');
    expect(asked).toContain('one person other than ann must agree before this runs');
    // In a room nobody hears a code that is said to nobody.
    expect(asked).toMatch(/Say to me: approve \S+, or: deny \S+/);
    expect(world.ran).toEqual([]);
    expect(await world.say('ben', `approve ${codeIn(asked)}`)).toContain('runs now');
    await until(() => world.unasked().includes('deployed billing'));
    expect(world.unasked()).toBe(`${codeIn(asked)}, "deploy billing", asked for by ann:\ndeployed billing`);
    expect(world.ran).toEqual(['ann billing']);
    const records = await world.audit.find({ command: 'deploy' }, 10);
    expect(records).toMatchObject([
      { kind: 'started', person: 'ann', line: 'deploy billing', approvers: [expect.stringContaining('ben') as string] },
      { kind: 'ended', outcome: 'done' },
    ]);
  });

  it('waits on while its command is not there: nobody agrees for nothing', async () => {
    await using world = await openWorld();
    const code = codeIn(await world.say('ann', 'deploy billing'));
    world.isAway = true;
    const told = await world.say('ben', `approve ${code}`);
    expect(told).toContain(`${code}, "deploy billing", waits on: there is no command deploy at the moment`);
    world.isAway = false;
    expect(await world.say('ben', `approve ${code}`)).toContain('runs now');
    await until(() => world.unasked().includes('deployed billing'));
    expect(world.ran).toEqual(['ann billing']);
  });

  it('is not run by the one who asked, nor by somebody who may not, nor twice', async () => {
    await using world = await openWorld();
    const code = codeIn(await world.say('cy', 'deploy billing'));
    for (const person of ['cy', 'cy2', 'dan', 'mallory']) await world.say(person, `approve ${code}`);
    expect(world.ran).toEqual([]);
    await world.say('ben', `approve ${code}`);
    await until(() => world.ran.length > 0);
    await world.say('ann', `approve ${code}`);
    await until(() => world.unasked().includes('deployed billing'));
    expect(world.ran).toEqual(['cy billing']);
  });

  it('does not run another version of the service than the one that was agreed to', async () => {
    await using world = await openWorld();
    const code = codeIn(await world.say('ann', 'deploy billing'));
    world.version = '1.0.1';
    await world.say('ben', `approve ${code}`);
    await until(() => world.unasked().includes('changed since'));
    expect(world.ran).toEqual([]);
  });

  it('is decided again when it runs: who lost the role meanwhile is refused', async () => {
    await using world = await openWorld();
    const code = codeIn(await world.say('ann', 'deploy billing'));
    await world.changePolicy(policy.replace('[ann, ben, cy]', '[ben, cy]'));
    await world.say('ben', `approve ${code}`);
    await until(async () => (await world.audit.find({ outcome: 'denied' }, 10)).length > 0);
    expect(world.ran).toEqual([]);
  });

  it('asks its caller first when it is to be confirmed', async () => {
    await using world = await openWorld();
    const code = codeIn(await world.say('ann', 'wipe'));
    expect(await world.say('ben', `yes ${code}`)).toContain('only ann can confirm it');
    expect(world.ran).toEqual([]);
    expect(await world.say('ann', `yes ${code}`)).toContain('runs now');
    await until(() => world.unasked().includes('wiped'));
    expect(world.ran).toEqual(['wipe']);
  });

  it('lets somebody break the glass, and only while it is broken', async () => {
    await using world = await openWorld();
    expect(await world.say('dan', 'wipe')).not.toMatch(/[0-9A-Z]{4}-[0-9A-Z]{2}/);
    expect(await world.say('ann', 'break-glass the release is stuck')).toContain('does not let you break it');
    expect(await world.say('dan', 'break-glass the release is stuck')).toContain('You hold release until');
    expect(world.unasked()).toContain('Break-glass: dan takes release');
    // Approvals and confirmations do not hold up somebody in an emergency.
    expect(await world.say('dan', 'deploy billing')).toContain('deployed billing');
    expect(await world.say('dan', 'break-glass off')).toContain('You no longer hold release');
    expect(await world.say('dan', 'deploy shop')).not.toContain('deployed');
    expect(world.ran).toEqual(['dan billing']);
  });
});
