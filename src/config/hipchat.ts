import type { Flag } from './flag.ts';
import { splitList, type Values } from './values.ts';

export interface HipchatConfig {
  /** `12345_67890`, or a whole address. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** `host` or `host:port`. */
  readonly server: string;
  /** Names or addresses; empty: all rooms the server lists. */
  readonly rooms: readonly string[];
  /** The domain of the rooms; undefined: made from the user's. */
  readonly conference: string | undefined;
  /** For notifications; without a password also to log in with. */
  readonly token: string | undefined;
  /** Undefined: made from the server. */
  readonly apiUrl: string | undefined;
  /** A file's path; undefined: the usual authorities. */
  readonly ca: string | undefined;
  /** A file's path; undefined: rooms that the bot was invited to are forgotten at the end. */
  readonly roomsFile: string | undefined;
  /** Nothing is encrypted. */
  readonly insecure: boolean;
  readonly debug: boolean;
}

const flag = (name: string, usage: string, rest: Partial<Flag> = {}): Flag => ({
  name: `hipchat_${name}`,
  kind: 'string',
  env: `MICRO_HIPCHAT_${name.toUpperCase()}`,
  usage,
  ...rest,
});

export const hipchatFlags: readonly Flag[] = [
  flag(
    'username',
    "The bot's user on the HipChat server, 12345_67890; with @domain where the server's name is another",
  ),
  flag('password', 'The password for it. Better as a variable: a command line can be seen by others'),
  flag('server', 'The HipChat server, host or host:port', { default: 'chat.hipchat.com' }),
  flag('rooms', 'Rooms to join, separated by commas. All that the server lists, unless given'),
  flag('conference', 'Domain of the rooms. conf. and the name of the server, unless given'),
  flag('token', 'Token that may send room notifications; without a password the login, too'),
  flag('api_url', "Address of HipChat's REST API. Made from the server, unless given"),
  flag('ca', 'File with the certificates that are trusted, instead of the usual ones'),
  flag('rooms_file', 'File that keeps the rooms the bot was invited to'),
  flag('insecure', 'Do not encrypt: for trying out, the password can be read on the way', { kind: 'boolean' }),
  flag('debug', 'Log what is exchanged with HipChat, without what people write', { kind: 'boolean' }),
];

export const readHipchat = (values: Values): HipchatConfig => ({
  username: values.string('hipchat_username'),
  password: values.string('hipchat_password'),
  server: values.string('hipchat_server') ?? '',
  rooms: splitList(values.string('hipchat_rooms') ?? ''),
  conference: values.string('hipchat_conference'),
  token: values.string('hipchat_token'),
  apiUrl: values.string('hipchat_api_url'),
  ca: values.string('hipchat_ca'),
  roomsFile: values.string('hipchat_rooms_file'),
  insecure: values.boolean('hipchat_insecure'),
  debug: values.boolean('hipchat_debug'),
});

/** Values that no log line may show. */
export const hipchatSecrets = ({ password, token }: HipchatConfig): readonly string[] =>
  [password, token].filter((secret) => secret !== undefined);
