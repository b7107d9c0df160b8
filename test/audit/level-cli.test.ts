import { chownSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { startConsoleBot } from '../support/console-bot.ts';
import { loopback, micro } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { fillLevel, newDirectory, openLevel, tamper } from './level-scene.ts';
import { recordKey } from '../../src/audit/level/key.ts';
import { newPath } from './scene.ts';

describe('micro bot --audit=level:DIRECTORY', () => {
  it('records there; the terminal asks when it has ended, and chat while it runs', async () => {
    const directory = newDirectory();
    const bot = await startConsoleBot({ domain: unique('level'), args: [`--audit=level:${directory}`] });
    expect(await bot.say('echo hello')).toBe('hello\n');
    const busy = await micro(['audit', 'show', `level:${directory}`]);
    expect(busy.code).not.toBe(0);
    expect(busy.stderr).toContain(
      `${directory} is written to by the process ${bot.process.pid}. While it runs, ask the bot in chat: audit, audit verify, audit head`,
    );
    bot.process.kill('SIGKILL');
    await bot.finished;

    const env = { MICRO_BOT_AUDIT: `level:${directory}` };
    const shown = await micro(['audit', 'show', 'command=echo'], env);
    expect(shown.stdout).toContain('echo hello');
    expect((await micro(['audit', 'verify'], env)).stdout).toMatch(/^whole: \d+ records/);
    const head = (await micro(['audit', 'head'], env)).stdout.trim();
    expect(head).toMatch(/^[0-9a-f]{64}$/);
    const copy = newPath();
    writeFileSync(copy, (await micro(['audit', 'export'], env)).stdout);
    expect(await verifyAudit(copy, head)).toMatchObject({ isWhole: true });
    expect((await micro(['audit', 'export', 'person=nobody'], env)).stdout.trim()).toBe('');
  });

  it('without the package says how it is installed', async () => {
    const folder = newPath();
    writeFileSync(
      `${folder}-hooks.mjs`,
      `export const resolve = (name, context, next) => {
         if (name === 'classic-level') throw Object.assign(new Error('gone'), { code: 'ERR_MODULE_NOT_FOUND' });
         return next(name, context);
       };`,
    );
    writeFileSync(
      `${folder}-start.mjs`,
      `import { register } from 'node:module'; register(${JSON.stringify(`file://${folder}-hooks.mjs`)}, import.meta.url);`,
    );
    const env = { ...loopback(unique('level')), NODE_OPTIONS: `--import=file://${folder}-start.mjs` };
    const { code, stderr } = await micro(['bot', '--inputs=console', `--audit=level:${newDirectory()}`], env);
    expect(code).not.toBe(0);
    expect(stderr).toContain('npm install classic-level@3.0.0');
  });

  it('names what is wrong with a directory', async () => {
    const env = loopback(unique('level'));
    const file = newPath();
    writeFileSync(file, 'x');
    expect((await micro(['bot', '--inputs=console', `--audit=level:${file}`], env)).stderr).toContain(
      `${file} is no directory, but a file`,
    );
    expect((await micro(['bot', '--inputs=console', '--audit=level:'], env)).stderr).toContain(
      'audit names no directory',
    );
    expect((await micro(['audit', 'head', `level:${newDirectory()}`])).stderr).toContain('there is no audit at ');
    expect(readFileSync(file, 'utf8')).toBe('x');
  });
});

describe('micro audit with a database', () => {
  it('fails for what was changed, and leaves it free', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    await tamper(directory, (db) => db.del(recordKey(2)));
    const { code, stderr } = await micro(['audit', 'verify', `level:${directory}`]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`NOT WHOLE: 5 records`);
    expect(stderr).toContain(`${directory}, line 3: record 2 is missing`);
    await openLevel(directory);
  });

  it('says who has it', async () => {
    const directory = newDirectory();
    const audit = await openLevel(directory);
    const { stderr } = await micro(['audit', 'head', `level:${directory}`]);
    expect(stderr).toContain(`by the process ${process.pid}. While it runs`);
    await audit.close();
    expect((await micro(['audit', 'show', `level:${join(directory, '.')}`])).stdout).toContain('nothing of that kind');
  });

  it.skipIf(process.getuid?.() !== 0)('leaves nothing to root of what belongs to the bot', async () => {
    const directory = newDirectory();
    await fillLevel(directory, 1, 3);
    const owner = 65_534;
    for (const name of ['.', ...readdirSync(directory)]) chownSync(join(directory, name), owner, owner);
    expect((await micro(['audit', 'head', `level:${directory}`])).code).toBe(0);
    const owners = readdirSync(directory).map((name) => lstatSync(join(directory, name)).uid);
    expect(new Set(owners)).toEqual(new Set([owner]));
  });
});
