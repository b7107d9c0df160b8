import { ConfigError } from './error.ts';
import type { Flag } from './flag.ts';
import { splitList, type Values } from './values.ts';

/** One account on an XMPP server. */
export interface XmppAccountConfig {
  readonly jid: string;
  readonly password: string;
}

export interface XmppConfig {
  /** Several at the same time, each with its own rooms of the list. */
  readonly accounts: readonly XmppAccountConfig[];
  /** `host` or `host:port`; undefined: as the domain says. */
  readonly server: string | undefined;
  readonly security: 'starttls' | 'direct' | 'plain';
  /** A file with the certificates to be trusted, not read. */
  readonly ca: string | undefined;
  /** Where rooms are, for names without one. */
  readonly muc: string | undefined;
  /** Addresses of rooms, or `*` for all of them. */
  readonly rooms: readonly string[];
  readonly nick: string | undefined;
  readonly roomsFile: string | undefined;
  readonly debug: boolean;
}

const flag = (name: string, usage: string, rest: Partial<Flag> = {}): Flag => ({
  name: `xmpp_${name}`,
  kind: 'string',
  env: `MICRO_XMPP_${name.toUpperCase()}`,
  usage,
  ...rest,
});

export const xmppFlags: readonly Flag[] = [
  flag('jid', 'Address of the account, bot@chat.example; several separated by commas'),
  flag('password', 'Its password; several separated by commas, in the same order'),
  flag('server', 'Host of the server, host[:5222]. What the domain says'),
  flag('security', 'How the stream is encrypted. starttls, direct, plain (not at all)', { default: 'starttls' }),
  flag('ca', 'File with the certificates to trust, PEM. Those of the system'),
  flag('muc', 'Domain of the rooms, conference.chat.example'),
  flag('rooms', 'Rooms to join, separated by commas: ops, ops@conference.chat.example; * for all'),
  flag('nick', "The bot's name in rooms. micro"),
  flag('rooms_file', 'File that keeps the rooms the bot was invited to'),
  flag('debug', 'Log what is exchanged with the server, without what people write', { kind: 'boolean' }),
];

/** Throws a `ConfigError` (`invalid`) for values that can't be used. */
export function readXmpp(values: Values): XmppConfig {
  const jids = splitList(values.string('xmpp_jid') ?? '');
  const passwords = (values.string('xmpp_password') ?? '').split(',');
  // A single password may have commas in it.
  const passwordOf = (index: number): string =>
    (jids.length === 1 ? values.string('xmpp_password') : passwords[index]) ?? '';
  const security = values.string('xmpp_security') ?? '';
  if (security !== 'starttls' && security !== 'direct' && security !== 'plain') {
    throw new ConfigError('invalid', `failed to parse xmpp_security: ${security} is none of starttls, direct, plain`);
  }
  return {
    accounts: jids.map((jid, index) => ({ jid, password: passwordOf(index) })),
    server: values.string('xmpp_server'),
    security,
    ca: values.string('xmpp_ca'),
    muc: values.string('xmpp_muc'),
    rooms: splitList(values.string('xmpp_rooms') ?? ''),
    nick: values.string('xmpp_nick'),
    roomsFile: values.string('xmpp_rooms_file'),
    debug: values.boolean('xmpp_debug'),
  };
}

/** Values that no log line may show. */
export const xmppSecrets = ({ accounts }: XmppConfig): readonly string[] =>
  accounts.map(({ password }) => password).filter((password) => password !== '');
