import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hipchatFlags, readHipchat } from '../../src/config/hipchat.ts';
import { readValues } from '../../src/config/values.ts';
import { checkHipchat, openHipchat } from '../../src/drivers/hipchat.ts';
import type { Taken } from '../../src/async/taken.ts';
import { silent } from '../../src/log/log.ts';

const settings = (env: Readonly<Record<string, string>>): ReturnType<typeof readHipchat> =>
  readHipchat(
    readValues(
      hipchatFlags,
      new Map(),
      Object.fromEntries(Object.entries(env).map(([name, value]) => [`MICRO_HIPCHAT_${name}`, value])),
    ),
  );
const here = fileURLToPath(import.meta.url);
const taken = async (): Promise<Taken> => ({ has: () => false, keep: async () => {} });
const host = { version: '1', taken, log: silent };
const good = { USERNAME: '1_2', PASSWORD: 'p' };

describe('opening HipChat', () => {
  it.each([
    [{ PASSWORD: 'p' }, 'require username'],
    [{ USERNAME: '1_2' }, 'require password'],
    [{ ...good, API_URL: 'http://api.test/' }, 'hipchat_api_url must be https: a token is sent there'],
    [{ ...good, SERVER: 'chat:port' }, 'hipchat_server: a server is host or host:port, not chat:port'],
    [{ ...good, CONFERENCE: 'a@b' }, 'hipchat_conference: a@b is no domain'],
    [{ ...good, ROOMS: 'dev,a&b?s3cr3t' }, 'hipchat_rooms: a&b is no name of a room'],
    [{ ...good, CA: here }, `hipchat_ca: there is no certificate in PEM in ${here}`],
    [{ ...good, ROOMS_FILE: here }, expect.stringMatching(/^hipchat_rooms_file can't be read: /)],
  ])('with %j fails: %s', async (env, message) => {
    await expect(checkHipchat(settings(env))).rejects.toEqual(
      expect.objectContaining({ name: 'ConfigError', message }),
    );
  });

  it('without a server fails', async () => {
    await expect(checkHipchat({ ...settings(good), server: '' })).rejects.toThrow('require server');
  });

  it('with what it needs gives an input of its name', async () => {
    await checkHipchat(settings(good));
    const input = await openHipchat(settings(good), host);
    expect(input.name).toBe('hipchat');
    await input.close();
  });

  it('names the file that can not be read', async () => {
    const opened = openHipchat(settings({ ...good, CA: 'no/such.pem' }), host);
    await expect(opened).rejects.toThrow("hipchat_ca can't be read");
  });
});
