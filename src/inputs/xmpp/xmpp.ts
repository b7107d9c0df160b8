import { setMaxListeners } from 'node:events';
import { createOnce } from '../../async/once.ts';
import type { Taken } from '../../async/taken.ts';
import { AsyncQueue } from '../../async/queue.ts';
import { text } from '../../document/document.ts';
import { type Log, silent } from '../../log/log.ts';
import { loud } from '../../log/loud.ts';
import { type Input, InputError, type Message } from '../input.ts';
import type { Mode } from './account/options.ts';
import type { Dialect } from './dialect.ts';
import { createHeard } from './heard.ts';
import { type Line, openLine } from './line.ts';
import { reachPlace } from './reach.ts';
import type { Inviters } from './rooms/invitation.ts';
import type { Keep } from './rooms/kept.ts';

export interface XmppOptions {
  /** The input's name. Default `xmpp`. */
  readonly name?: string;
  /** What people call the bot, in rooms too. Default `micro`. */
  readonly nick?: string;
  /** At least one. */
  readonly accounts: readonly { readonly jid: string; readonly password: string }[];
  /** `host` or `host:port`. Default: what DNS says about the domain of each account. */
  readonly server?: string | undefined;
  readonly mode?: Mode | undefined;
  /** Authorities, as PEM, in place of the system's. */
  readonly ca?: string | undefined;
  /** The domain of rooms whose domain is not given, and of those of `*`. */
  readonly conference?: string | undefined;
  /** `room@domain`, `room` or `*`. */
  readonly rooms?: readonly string[];
  /** Remembers the rooms an account was invited to. */
  readonly keep?: ((jid: string) => Keep) | undefined;
  readonly invitations?: Inviters | undefined;
  /** For an account. Default: XMPP's own. */
  readonly dialect?: ((jid: string) => Dialect) | undefined;
  /** The address of a room that people call so. Default: that of the room with this name, or of one with it at `conference`. */
  readonly roomAddress?: ((name: string) => string) | undefined;
  readonly software?: { readonly name: string; readonly version: string } | undefined;
  /** Tells what earlier processes took: a server gives out again what it had no acknowledgement of. Default: that may run twice. */
  readonly taken?: Taken | undefined;
  /** Logs what is exchanged, without what people write. */
  readonly debug?: boolean;
  readonly log?: Log;
}

/** XMPP as an input: a single one for all its accounts. Throws an `InputError` (`config`) for options that can't be used. */
export function xmppInput(options: XmppOptions): Input {
  const { name = 'xmpp', nick = 'micro', accounts, rooms = [], log = silent, debug = false } = options;
  if (accounts.length === 0) throw new InputError('config', 'XMPP needs an account');
  const { taken } = options;
  const once = createOnce({
    keepMs: repeatsMs,
    taken,
    onForgotten: (count) =>
      log.warn('so much comes over XMPP that some of it was forgotten early: a late copy of it would run again', {
        count,
      }),
  });
  const { server, mode, ca, conference, software, keep, invitations } = options;
  const lines: readonly Line[] = accounts.map(({ jid, password }) =>
    openLine({
      account: { jid, password, server, mode, ca, software, trace: debug },
      rooms: {
        nick,
        rooms: rooms.filter((room) => room !== '*'),
        all: rooms.includes('*'),
        conference,
        keep: keep?.(jid),
        invitations,
      },
      name: nick,
      dialect: options.dialect?.(jid) ?? {},
      once,
      taken,
      log: debug ? loud(log) : log,
    }),
  );

  const heard = createHeard();
  let queue: AsyncQueue<Message> | undefined;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    const run = (line: Line): Promise<void> =>
      line.run((message, said) => {
        heard.add(line.jid, said);
        if (queue === undefined) void turnAway(message, log);
        else queue.push(message);
      });
    await Promise.all(lines.map(run));
  };

  return {
    name,
    get outage() {
      return lines.find(({ outage }) => outage !== undefined)?.outage;
    },
    get rooms() {
      return lines.flatMap(({ rooms }) => rooms.configured);
    },
    messages(signal) {
      const listening = new AsyncQueue<Message>(() => {
        signal.removeEventListener('abort', leave);
        if (queue === listening) queue = undefined;
      });
      const leave = (): void => listening.end();
      queue = listening;
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      running ??= run().finally(() => {
        running = undefined;
      });
      running.then(
        () => listening.end(),
        (error: unknown) =>
          listening.fail(
            error instanceof InputError ? error : new InputError('unavailable', String(error), { cause: error }),
          ),
      );
      return listening;
    },
    reach: (place) => reachPlace(place, { lines, conference, roomAddress: options.roomAddress, heard }),
    async close() {
      const signal = AbortSignal.timeout(farewellMs);
      // Every account listens to it.
      setMaxListeners(0, signal);
      await Promise.all(lines.map((line) => line.close(signal)));
    },
  };
}

/** The bot is about to go, and answers what runs still: the server has handed this over, and nobody else will get it. */
async function turnAway(message: Message, log: Log): Promise<void> {
  try {
    if (message.direct) await message.reply(text('I am just leaving: say it again when I am back'), 'error');
  } catch (error) {
    log.warn('who said something to a bot that leaves was not told', { error });
  }
  message.settled?.();
}

/** Nothing is sent again after that; and some programs begin to count their messages anew when they start. */
const repeatsMs = 1_800_000;
/** For what was said last. */
const farewellMs = 1_500;
