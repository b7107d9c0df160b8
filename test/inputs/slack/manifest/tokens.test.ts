import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../support/until.ts';
import { type Scene, scene } from './scene.ts';
import { wanting } from './wanting.ts';

const halfADayMs = 12 * 60 * 60 * 1000;

/** A file of the operator, with this in it. */
function fileWith(content: string, mode = 0o644): string {
  const folder = mkdtempSync(join(tmpdir(), 'token-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'refresh');
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

const rotations = ({ fake }: Scene): number =>
  fake.calls('tooling.tokens.rotate').filter(({ outcome }) => outcome === 'ok').length;

async function offers(app: Scene, name: string): Promise<void> {
  app.want(wanting(name));
  await until(() => app.names().includes(`/${name}`));
}

describe('the app configuration token', () => {
  it('is renewed from the file, which then holds the next refresh token, for nobody else to read', async () => {
    const app = await scene();
    const { configuration } = app.fake;
    const file = fileWith(`${configuration.refreshToken}\n`);
    app.start({ token: undefined, refreshTokenFile: file });
    await offers(app, 'deploy');
    expect(rotations(app)).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe(`${configuration.refreshToken}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(app.log.lines.join('\n')).not.toMatch(/xox/);
  });

  it('is renewed before its end, also when nothing changes', async () => {
    const app = await scene();
    const file = fileWith(app.fake.configuration.refreshToken);
    app.start({ token: undefined, refreshTokenFile: file });
    await offers(app, 'deploy');
    app.pass(halfADayMs - 3_600_000);
    await until(() => rotations(app) === 2);
    app.pass(halfADayMs - 3_600_000);
    await until(() => rotations(app) === 3);
    await until(() => readFileSync(file, 'utf8').trim() === app.fake.configuration.refreshToken);
    await offers(app, 'refund');
    expect(app.log.lines.join('\n')).not.toContain('cannot be kept');
  });

  it('that somebody else renewed is renewed again, with what the operator puts into the file', async () => {
    const app = await scene();
    const { configuration } = app.fake;
    const file = fileWith(configuration.refreshToken);
    app.start({ token: undefined, refreshTokenFile: file });
    await offers(app, 'deploy');
    Object.assign(configuration, { token: 'xoxe.xoxp-1-new', refreshToken: 'xoxe-1-new' });
    app.want(wanting('refund'));
    await until(() => app.log.lines.some((line) => line.includes('invalid_refresh_token')));
    writeFileSync(file, 'xoxe-1-new');
    await until(() => app.names().includes('/refund'));
  });

  it('that is being renewed while the bot stops is not lost', async () => {
    const app = await scene();
    const { configuration } = app.fake;
    const file = fileWith(configuration.refreshToken);
    const before = configuration.refreshToken;
    app.fake.trouble('tooling.tokens.rotate', { kind: 'slow', ms: 100 });
    const sync = app.start({ token: undefined, refreshTokenFile: file });
    await until(() => configuration.refreshToken !== before);
    await sync.close();
    expect(readFileSync(file, 'utf8').trim()).toBe(configuration.refreshToken);
    expect(app.fake.calls('apps.manifest.export')).toEqual([]);
  });

  it('alone is used until it ends, which is told', async () => {
    const app = await scene();
    app.start();
    await offers(app, 'deploy');
    app.pass(halfADayMs);
    app.want(wanting('refund'));
    await until(() => app.log.lines.some((line) => line.includes('token_expired')));
    expect(app.names()).not.toContain('/refund');
  });

  it('is used as long as it can be when it cannot be renewed', async () => {
    const app = await scene();
    app.start({ refreshTokenFile: fileWith('xoxe-1-used') });
    await offers(app, 'deploy');
    expect(app.log.lines.filter((line) => line.includes('cannot be renewed'))).toHaveLength(1);
  });

  it.each([
    ['is not there', '/nowhere/refresh', 'ENOENT'],
    ['is a folder', tmpdir(), 'EISDIR'],
  ])('whose file %s is not spent', async (_what, refreshTokenFile, reason) => {
    const app = await scene();
    app.start({ token: undefined, refreshTokenFile });
    await until(() => app.log.lines.some((line) => line.includes('cannot be kept in step')));
    expect(app.log.reasons()).toContain(`${refreshTokenFile} has to be a file that can be read and written: ${reason}`);
    expect(app.fake.calls('tooling.tokens.rotate')).toEqual([]);
  });

  it.each([
    '',
    'xoxe.xoxp-1-secret',
    'not a token at all',
    'xoxe-1-a\nxoxe-1-b',
  ])('is not read from a file with %j', async (content) => {
    const app = await scene();
    app.start({ token: undefined, refreshTokenFile: fileWith(content) });
    await until(() => app.log.reasons().some((reason) => reason.includes('holds no refresh token')));
    expect(app.fake.calls('tooling.tokens.rotate')).toEqual([]);
    expect(app.log.reasons().join('\n')).not.toContain('secret');
  });
});
