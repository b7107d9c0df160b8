import type { Taken } from '../../async/taken.ts';
import { type Log, silent } from '../../log/log.ts';
import type { Input } from '../input.ts';
import type { Keep } from '../xmpp/rooms/kept.ts';
import { xmppInput } from '../xmpp/xmpp.ts';
import { type HipchatTiming, hipchatDialect } from './dialect.ts';
import { type PlaceOptions, placeOf, roomAddress } from './place.ts';

export interface HipchatOptions extends PlaceOptions {
  /** What people call the bot where the server knows of no name. Default `micro`. */
  readonly name?: string | undefined;
  /** Authorities, as PEM, in place of the system's: of the server and of its REST API. */
  readonly ca?: string | undefined;
  /** Remembers the rooms that the bot was invited to. */
  readonly keep?: ((jid: string) => Keep) | undefined;
  readonly software?: { readonly name: string; readonly version: string } | undefined;
  /** Logs what is exchanged, without what people write. */
  readonly debug?: boolean | undefined;
  readonly log?: Log | undefined;
  /** As of XMPP. */
  readonly taken?: Taken | undefined;
  readonly timing?: HipchatTiming | undefined;
}

/** HipChat as an input: XMPP, where it differs. Throws an `InputError` (`config`) for options that can't be used. */
export function hipchatInput(options: HipchatOptions): Input {
  const { name = 'micro', ca, keep, software, debug = false, log = silent, timing, insecure = false } = options;
  const place = placeOf(options);
  const password = given(options.password);
  const token = given(options.token);
  const isToken = password === undefined;
  return xmppInput({
    name: 'hipchat',
    nick: name,
    accounts: [{ jid: place.jid, password: password ?? token ?? '' }],
    server: place.server,
    mode: insecure ? 'plain' : 'starttls',
    ca,
    conference: place.conference,
    rooms: place.rooms.length === 0 ? ['*'] : place.rooms,
    keep,
    roomAddress: (called) => roomAddress(called, place),
    dialect: () => hipchatDialect({ place, isToken, token, ca, name, log, timing }),
    ...(software === undefined ? {} : { software }),
    taken: options.taken,
    debug,
    log,
  });
}

/** An empty variable is none. */
const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
