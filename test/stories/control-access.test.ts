import { chmod } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { me, openHouse, serveOperations } from './control-house.ts';

it(
  'tells whoever looks after it what of its rules does nothing, and who else may write them',
  { timeout: 120_000 },
  async () => {
    const house = await openHouse(`
people: { ann: ["console:${me}"] }
roles: { admin: ann, release: ann }
rules: [{ command: depoly, deny: true }, { command: deploy, people: ann, rooms: "slack:#ops" }]
console: nobody
`);
    const file = house.env['MICRO_BOT_ACCESS'] ?? '';
    await chmod(file, 0o646);
    await serveOperations(house.domain);
    const bot = await house.start();
    await until(async () => (await bot.say('help deploy')).includes('Operations'));
    const shown = await bot.say('access');
    expect(await bot.say('who can deploy billing prod')).toContain('nobody of the one person');
    expect(shown).toContain(`others than the owner may write ${file} (mode 0646)`);
    expect(shown).toContain('rule 1 (line 4) names depoly: there is no such command at the moment');
    const written = `the access file: others than the owner may write ${file} (mode 0646)`;
    await until(() => bot.stderr().includes(written));
    const named = 'the access file names what nobody has';
    await until(() => bot.stderr().includes(named), 30_000);
    await chmod(file, 0o600);
    await until(async () => !(await bot.say('access')).includes('mode 0646'));
    for (const each of [written, named]) expect(bot.stderr().split(each)).toHaveLength(2);
  },
);
