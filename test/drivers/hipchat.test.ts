import { describe, expect, it } from 'vitest';
import { hipchatFlags, readHipchat } from '../../src/config/hipchat.ts';
import { readValues } from '../../src/config/values.ts';
import { checkHipchat, openHipchat } from '../../src/drivers/hipchat.ts';
import { silent } from '../../src/log/log.ts';

const settings = (env: Readonly<Record<string, string>>): ReturnType<typeof readHipchat> =>
  readHipchat(
    readValues(
      hipchatFlags,
      new Map(),
      Object.fromEntries(Object.entries(env).map(([name, value]) => [`MICRO_HIPCHAT_${name}`, value])),
    ),
  );
const good = { USERNAME: '1_2', PASSWORD: 'p' };

describe('opening HipChat', () => {
  it.each([
    [{ PASSWORD: 'p' }, 'require username'],
    [{ USERNAME: '1_2' }, 'require password'],
    [{ ...good, API_URL: 'http://api.test/' }, 'hipchat_api_url must be https: a token is sent there'],
  ])('with %j fails: %s', (env, message) => {
    expect(() => checkHipchat(settings(env))).toThrow(expect.objectContaining({ name: 'ConfigError', message }));
  });

  it('without a server fails', () => {
    expect(() => checkHipchat({ ...settings(good), server: '' })).toThrow('require server');
  });

  it('with what it needs gives an input of its name', async () => {
    checkHipchat(settings(good));
    const input = await openHipchat(settings(good), { version: '1', log: silent });
    expect(input.name).toBe('hipchat');
    await input.close();
  });

  it('names the file that can not be read', async () => {
    const opened = openHipchat(settings({ ...good, CA: 'no/such.pem' }), { version: '1', log: silent });
    await expect(opened).rejects.toThrow("hipchat_ca can't be read");
  });
});
