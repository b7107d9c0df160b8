import { describe, expect, it } from 'vitest';
import { hipchatFlags, hipchatSecrets, readHipchat } from '../../src/config/hipchat.ts';
import { type Environment, readValues } from '../../src/config/values.ts';

const read = (
  env: Environment,
  given: Readonly<Record<string, readonly string[]>> = {},
): ReturnType<typeof readHipchat> => readHipchat(readValues(hipchatFlags, new Map(Object.entries(given)), env));

describe('the settings of HipChat', () => {
  it('are those of the original, unless given', () => {
    expect(read({})).toEqual({ server: 'chat.hipchat.com', rooms: [], insecure: false, debug: false });
  });

  it('come from the command line before the environment', () => {
    const env = { MICRO_HIPCHAT_USERNAME: '1_2', MICRO_HIPCHAT_PASSWORD: 'p', MICRO_HIPCHAT_ROOMS: 'Dev Ops, Lobby' };
    const settings = read(env, { hipchat_username: ['1_3'], hipchat_token: ['t'], hipchat_insecure: ['true'] });
    expect(settings).toMatchObject({
      username: '1_3',
      password: 'p',
      token: 't',
      rooms: ['Dev Ops', 'Lobby'],
      insecure: true,
    });
    expect(hipchatSecrets(settings)).toEqual(['p', 't']);
  });
});
