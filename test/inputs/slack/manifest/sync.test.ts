import { describe, expect, it } from 'vitest';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import type { SlashCommand } from '../../../../src/inputs/slack/manifest/slash.ts';
import { type Scene, scene } from './scene.ts';
import { wanting } from './wanting.ts';

const [deploy, refund] = [wanting('deploy'), wanting('refund')];

/** Waits until the bot has looked at what is wanted now: a command that is new for it has come in, too. */
async function looksAgain(app: Scene, ...wanted: readonly SlashCommand[]): Promise<void> {
  const sign = unique('again');
  app.want(...wanted, wanting(sign));
  await until(() => app.names().includes(`/${sign}`));
}

describe("the app's slash commands", () => {
  it('come with services, and what was made by hand stays', async () => {
    const app = await scene();
    const lunch = { command: '/lunch', description: 'What is there to eat?' };
    app.edit([...app.entries(), lunch]);
    app.start();
    app.want(deploy);
    await until(() => app.names().includes('/deploy'));
    app.want(deploy, refund);
    await until(() => app.names().includes('/refund'));
    expect(app.names()).toEqual(['/micro', '/lunch', '/deploy', '/refund']);
    expect(app.entries()[1]).toEqual(lunch);
    expect(app.log.lines.join('\n')).not.toMatch(/cannot|xox/);
  });

  it('are not written when they are right already', async () => {
    const app = await scene([deploy, refund]);
    app.start();
    await until(() => app.fake.calls('apps.manifest.export').length > 0);
    await looksAgain(app, deploy, refund);
    const [only, ...others] = app.fake.calls('apps.manifest.update');
    expect(others).toEqual([]);
    expect(only?.args['manifest']).toContain('"/again-');
  });

  it('change together, however many there are', async () => {
    const app = await scene();
    app.want(...Array.from({ length: 40 }, (_, at) => wanting(`run-${at}`)));
    app.start();
    await until(() => app.names().length === 41);
    expect(app.fake.calls('apps.manifest.update')).toHaveLength(1);
  });

  it('stay for a while when their service is gone, and go then', async () => {
    const app = await scene([deploy, refund]);
    app.start();
    await looksAgain(app, refund);
    app.pass(59_999);
    await looksAgain(app, refund);
    expect(app.names()).toContain('/deploy');
    app.pass(1);
    await until(() => !app.names().includes('/deploy'));
    expect(app.names()).toContain('/refund');
  });

  it('stay when their service is back in time', async () => {
    const app = await scene([deploy]);
    app.start();
    await looksAgain(app);
    app.pass(59_999);
    await looksAgain(app, deploy);
    app.pass(59_999);
    await looksAgain(app);
    app.pass(59_999);
    await looksAgain(app);
    expect(app.names()).toContain('/deploy');
  });

  it('stay while nobody knows what services want, and for a while after that', async () => {
    const app = await scene([deploy, refund]);
    app.start();
    await looksAgain(app, refund);
    app.lose();
    const before = app.looks();
    await until(() => app.looks() > before + 1);
    app.pass(3_600_000);
    const asked = app.fake.calls().length;
    const later = app.looks();
    await until(() => app.looks() > later + 3);
    expect(app.fake.calls()).toHaveLength(asked);
    await looksAgain(app, refund);
    app.pass(59_999);
    await looksAgain(app, refund);
    expect(app.names()).toContain('/deploy');
    app.pass(1);
    await until(() => !app.names().includes('/deploy'));
  });

  it('stay when the bot stops', async () => {
    const app = await scene([deploy]);
    const sync = app.start();
    await until(() => app.fake.calls('apps.manifest.export').length > 0);
    app.want();
    app.pass(600_000);
    await sync.close();
    const { length } = app.fake.calls();
    expect(app.names()).toEqual(['/micro', '/deploy']);
    await sync.close();
    expect(app.fake.calls()).toHaveLength(length);
  });

  it('that Slack keeps for itself do not hold up the others, and are told of once', async () => {
    const app = await scene();
    app.fake.configuration.reserved.add('refund').add('zap');
    app.want(deploy, refund, wanting('remind'), wanting('zap', { service: 'power' }));
    app.start();
    await until(() => app.names().includes('/deploy'));
    expect(app.names()).toEqual(['/micro', '/deploy']);
    const told = (): readonly string[] => app.log.lines.filter((line) => line.includes('cannot be offered')).toSorted();
    await until(() => told().length === 3);
    await looksAgain(app, deploy, refund, wanting('remind'), wanting('zap', { service: 'power' }));
    expect(told().map((line) => JSON.parse(line.slice(line.indexOf('{'))) as unknown)).toEqual([
      {
        command: '/refund',
        service: 'billing',
        reason: 'Not a valid command name',
      },
      { command: '/remind', service: 'billing', reason: 'Slack has a command of this name itself' },
      { command: '/zap', service: 'power', reason: 'Not a valid command name' },
    ]);
  });

  it('that were refused come in when they are others', async () => {
    const app = await scene();
    app.fake.configuration.reserved.add('refund');
    app.want(refund);
    app.start();
    await until(() => app.log.lines.some((line) => line.includes('cannot be offered')));
    app.fake.configuration.reserved.delete('refund');
    app.want(wanting('refund', { description: 'Pays back' }));
    await until(() => app.names().includes('/refund'));
  });
});

describe('what goes wrong', () => {
  it('with Slack is told once, and over when it is over', async () => {
    const app = await scene();
    const end = app.fake.trouble('apps.manifest.export', { kind: 'error', error: 'app_not_found' });
    app.want(deploy);
    app.start();
    await until(() => app.fake.calls('apps.manifest.export').length > 3);
    end();
    await until(() => app.log.lines.some((line) => line.includes('in step again')));
    expect(app.names()).toContain('/deploy');
    const failures = app.log.lines.filter((line) => line.includes('cannot be kept in step'));
    expect(failures).toHaveLength(1);
  });

  it('with the rest of the manifest is told with all that Slack says', async () => {
    const app = await scene();
    const { manifests } = app.fake.configuration;
    manifests.set(app.fake.appId, {
      ...manifests.get(app.fake.appId),
      display_information: { name: 'x'.repeat(36) },
    });
    app.want(deploy);
    app.start();
    const told = await until(() => app.log.lines.find((line) => line.includes('cannot be kept in step')));
    expect(told).toContain('invalid_manifest');
    expect(told).toContain('/display_information/name');
    expect(told).toContain('at most 35 characters');
  });

  it('on the way of an answer does no harm: whatever was done, it is right in the end', async () => {
    const app = await scene([deploy]);
    app.fake.trouble('apps.manifest.update', { kind: 'cut after' }, 1);
    app.fake.trouble('apps.manifest.export', { kind: 'status', status: 500 }, 1);
    app.want(deploy, refund);
    app.start();
    await until(() => app.names().includes('/refund'));
    expect(app.names()).toEqual(['/micro', '/deploy', '/refund']);
  });

  it('while it stops does not keep it from stopping', async () => {
    const app = await scene();
    app.fake.trouble('apps.manifest.update', { kind: 'silent' });
    app.want(deploy);
    const sync = app.start();
    await until(() => app.fake.calls('apps.manifest.update').length > 0);
    await sync.close();
    expect(app.log.lines.join('\n')).not.toContain('cannot be kept');
  });
});
