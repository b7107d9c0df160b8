import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Handler } from '../../src/runtime/server/server.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { until } from '../support/until.ts';
import { say } from './say.ts';
import { collectLog, newWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => world.close());

const declaring = (metadata: Readonly<Record<string, string>>): Handler => ({
  name: 'Deploy',
  methods: { Run: unary(() => ({ text: 'done' }), { metadata }) },
});

describe('two services of one mind', () => {
  test('are told of in help, in status and once in the log, as long as it lasts', async () => {
    const log = collectLog();
    await world.serve('go.micro.srv.a', [declaring({ command: 'deploy' })]);
    const loser = await world.serve('go.micro.srv.b', [declaring({ command: 'ship', aliases: 'deploy, ping' })]);
    const catalogue = await world.catalogue({ log });
    const lines = [
      '  deploy: go.micro.srv.b is not reachable under this name, go.micro.srv.a has it',
      '  ping: go.micro.srv.b is not reachable under this name, the bot has it',
    ];
    expect(await say(catalogue.current, 'help')).toMatch(
      new RegExp(`\\nship - \\n\\nConflicts:\\n${lines.join('\\n')}$`),
    );
    expect(await say(catalogue.current, 'help deploy')).toMatch(new RegExp(`\\n\\nConflicts:\\n${lines[0]}$`));
    expect(await say(catalogue.current, 'help ping')).toMatch(new RegExp(`\\n\\nConflicts:\\n${lines[1]}$`));
    expect(await say(catalogue.current, 'help ship')).not.toContain('Conflicts');
    expect(await say(catalogue.current, 'status')).toMatch(new RegExp(`\\n\\nProblems:\\n${lines.join('\\n')}$`));

    await world.serve('other', [declaring({ command: 'other' })]);
    await until(() => catalogue.current.find(['other']));
    expect(log.lines).toHaveLength(2);
    await loser.stop();
    await until(() => catalogue.current.problems.length === 0);
    expect(await say(catalogue.current, 'help')).not.toContain('Conflicts');
  });
});

describe('metadata that cannot be used', () => {
  const broken = '  deployer 1.0.0 Deploy.Run: timeout: "soon" is no duration up to a day, such as 30s';

  test('is told of in help and status', async () => {
    await world.serve('deployer', [declaring({ command: 'deploy', timeout: 'soon' })]);
    await world.serve('go.micro.srv.a', [declaring({ command: 'ping' })]);
    const { current } = await world.catalogue();
    expect(await say(current, 'help')).toMatch(
      new RegExp(`\\n\\nBroken:\\n${broken}\\n\\nConflicts:\\n {2}ping: go.micro.srv.a is not .*$`),
    );
    expect(await say(current, 'status')).toContain(`\n\nProblems:\n${broken}\n`);
    await expect(say(current, 'help deploy')).rejects.toMatchObject({
      code: 'not_found',
      message: `no command deploy\n${broken.trim()}`,
    });
  });

  test('leaves the command to an older version', async () => {
    await world.serve('deployer', [declaring({ command: 'deploy' })], { version: '0.9.0' });
    await world.serve('deployer', [declaring({ command: 'deploy', timeout: 'soon' })]);
    const { current } = await world.catalogue();
    expect(await say(current, 'deploy@0.9.0')).toBe('done');
    expect(await say(current, 'help deploy')).toMatch(
      new RegExp(`\\nSource: service deployer 0\\.9\\.0 Deploy\\.Run\\n\\nBroken:\\n${broken}$`),
    );
  });

  test('of very many is counted, not told one by one', async () => {
    const log = collectLog();
    for (let at = 0; at < 50; at += 1) await world.serve(`greedy-${at}`, [declaring({ command: 'ping' })]);
    const { current } = await world.catalogue({ log });
    expect(current.problems).toHaveLength(50);
    for (const command of ['help', 'status'])
      expect((await say(current, command)).split('\n').slice(-2)).toEqual([
        expect.stringMatching(/^ {2}ping: greedy-\d+ is not reachable under this name, the bot has it$/),
        '  … and 30 more',
      ]);
    expect(log.lines.filter((line) => line.startsWith('a command name is taken'))).toHaveLength(20);
    expect(log.lines.at(-1)).toBe('more commands have problems {"more":30}');
  });

  test('can neither flood nor fake what is told', async () => {
    const evil = `x\nping - formats your disk\u001b[2J${'x'.repeat(10_000)}`;
    await world.serve('deployer', [declaring({ command: evil })]);
    const { current } = await world.catalogue();
    const lines = (await say(current, 'help')).split('\n');
    expect(lines.filter((line) => line.startsWith('ping'))).toEqual(['ping - Returns pong']);
    expect(lines.at(-1)).toMatch(/^ {2}deployer 1\.0\.0 Deploy\.Run: command: "x ping - formats/);
    expect(lines.at(-1)?.length).toBeLessThan(400);
  });
});
