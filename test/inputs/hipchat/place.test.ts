import { describe, expect, it } from 'vitest';
import { type PlaceOptions, placeOf } from '../../../src/inputs/hipchat/place.ts';

const given: PlaceOptions = { username: '12345_67890', password: 'p' };

describe('where a bot is on HipChat', () => {
  it('is chat.hipchat.com, unless told otherwise', () => {
    expect(placeOf(given)).toEqual({
      username: '12345_67890',
      domain: 'chat.hipchat.com',
      jid: '12345_67890@chat.hipchat.com',
      server: 'chat.hipchat.com',
      conference: 'conf.hipchat.com',
      rooms: [],
      apiUrl: 'https://api.hipchat.com/v2/',
    });
  });

  it.each<[string, Partial<PlaceOptions>, Partial<ReturnType<typeof placeOf>>]>([
    [
      'a server of our own',
      { server: 'hipchat.test' },
      { conference: 'conf.hipchat.test', apiUrl: 'https://hipchat.test/v2/' },
    ],
    ['with a port', { server: 'hipchat.test:5223' }, { domain: 'hipchat.test', server: 'hipchat.test:5223' }],
    [
      'a host of another name',
      { username: '1_2@chat.btf.test', server: '127.0.0.1' },
      { domain: 'chat.btf.test', jid: '1_2@chat.btf.test', server: '127.0.0.1', conference: 'conf.btf.test' },
    ],
    ['rooms elsewhere', { conference: 'muc.test' }, { conference: 'muc.test' }],
    ['an API elsewhere', { apiUrl: 'https://api.test/v2' }, { apiUrl: 'https://api.test/v2/' }],
    ['a token instead of a password', { password: undefined, token: 't' }, { username: '12345_67890' }],
  ])('%s', (_, more, expected) => {
    expect(placeOf({ ...given, ...more })).toMatchObject(expected);
  });

  it('knows rooms by their names as people call them', () => {
    const rooms = ['Dev Ops', '12345_lobby', 'other@conf.test', ' Night  Shift ', 'Vault?Open Sesame'];
    expect(placeOf({ ...given, rooms }).rooms).toEqual([
      '12345_dev_ops@conf.hipchat.com',
      '12345_lobby@conf.hipchat.com',
      'other@conf.test',
      '12345_night_shift@conf.hipchat.com',
      '12345_vault@conf.hipchat.com?Open Sesame',
    ]);
    // On a plain XMPP server users have no account's number.
    expect(placeOf({ ...given, username: 'micro', rooms: ['Dev Ops'] }).rooms).toEqual(['dev_ops@conf.hipchat.com']);
  });

  it.each<[string, Partial<PlaceOptions>, string]>([
    ['no username', { username: undefined }, 'require username'],
    ['an empty username', { username: '' }, 'require username'],
    ['no password', { password: undefined }, 'require password'],
    ['an empty password', { password: '' }, 'require password'],
    ['no server', { server: '' }, 'require server'],
    ['a username of two words', { username: 'a b' }, 'no user'],
    ['a username with a resource', { username: 'a@b.test/bot' }, 'no user'],
    ['an API that is no address', { apiUrl: 'api' }, 'no address'],
    ['an API without encryption', { apiUrl: 'http://api.test/v2/' }, 'must be https'],
    ['a login in the address of the API', { apiUrl: 'https://me:secret@api.test/' }, 'must not hold a login'],
  ])('refuses %s', (_, more, message) => {
    const refused = (): unknown => placeOf({ ...given, ...more });
    expect(refused).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining(message) }));
    expect(refused).not.toThrow(/secret/);
  });

  it('takes an API without encryption when that was asked for', () => {
    expect(placeOf({ ...given, apiUrl: 'http://127.0.0.1:1/v2/', insecure: true }).apiUrl).toBe(
      'http://127.0.0.1:1/v2/',
    );
  });
});
