import { InputError } from '../input.ts';

export interface PlaceOptions {
  /** `12345_67890`, or a whole address where the server's domain is not the host's name. */
  readonly username: string | undefined;
  /** Needed, unless there is a token. */
  readonly password: string | undefined;
  readonly token?: string | undefined;
  /** `host` or `host:port`. Default `chat.hipchat.com`. */
  readonly server?: string | undefined;
  /** Domain of the rooms. Default: `conf.` and the user's domain without `chat.` */
  readonly conference?: string | undefined;
  /** Names or addresses. */
  readonly rooms?: readonly string[] | undefined;
  /** Default: `/v2/` of the server, for `chat.hipchat.com` that of `api.hipchat.com`. */
  readonly apiUrl?: string | undefined;
  /** Plain text was asked for. */
  readonly insecure?: boolean | undefined;
}

/** Where we are on a HipChat server, and who. */
export interface Place {
  readonly username: string;
  readonly domain: string;
  /** `username@domain`. */
  readonly jid: string;
  /** `host[:port]`. */
  readonly server: string;
  readonly conference: string;
  /** Addresses of the rooms to join; empty: all of them. */
  readonly rooms: readonly string[];
  /** Ends in `/`. */
  readonly apiUrl: string;
}

/** Throws an `InputError` (`config`) for what is missing or can't be. */
export function placeOf(options: PlaceOptions): Place {
  const { username = '', password = '', token = '', server = defaultServer, rooms = [], insecure = false } = options;
  if (username === '') throw new InputError('config', 'require username');
  if (password === '' && token === '') throw new InputError('config', 'require password');
  if (server === '') throw new InputError('config', 'require server');
  const at = username.lastIndexOf('@');
  const host = server.replace(/:\d+$/, '').toLowerCase();
  const domain = at < 0 ? host : username.slice(at + 1).toLowerCase();
  const name = at < 0 ? username : username.slice(0, at);
  if (!/^[^\s/@"&'<>:]+$/.test(name) || !/^[\w.-]+$/.test(domain)) {
    throw new InputError('config', `hipchat_username is no user of a HipChat server: ${username}`);
  }
  const conference = (options.conference ?? `conf.${domain.replace(/^chat\./, '')}`).toLowerCase();
  return {
    username: name,
    domain,
    jid: `${name}@${domain}`,
    server,
    conference,
    rooms: rooms.map((room) => roomAddress(room, { username: name, conference })),
    apiUrl: apiUrlOf(options.apiUrl ?? defaultApi(host), insecure),
  };
}

const defaultServer = 'chat.hipchat.com';
const defaultApi = (host: string): string =>
  host === defaultServer ? 'https://api.hipchat.com/v2/' : `https://${host}/v2/`;

/** Rooms are called by their names; the address has the number of the account before it: `12345_dev_ops@conf.…`. A password follows after `?`. */
export function roomAddress(room: string, { username, conference }: Pick<Place, 'username' | 'conference'>): string {
  const [called = '', ...rest] = room.split('?');
  if (called.includes('@')) return room;
  const account = /^(\d+)_\d+$/.exec(username)?.[1];
  const name = called.trim().toLowerCase().replace(/\s+/g, '_');
  const isWhole = account === undefined || /^\d+_/.test(name);
  return [`${isWhole ? name : `${account}_${name}`}@${conference}`, ...rest].join('?');
}

function apiUrlOf(given: string, insecure: boolean): string {
  let url: URL;
  try {
    url = new URL(given.endsWith('/') ? given : `${given}/`);
  } catch {
    throw new InputError('config', 'hipchat_api_url is no address');
  }
  if (url.username !== '' || url.password !== '')
    throw new InputError('config', 'hipchat_api_url must not hold a login');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && insecure)) return url.href;
  throw new InputError('config', 'hipchat_api_url must be https: a token is sent there');
}
