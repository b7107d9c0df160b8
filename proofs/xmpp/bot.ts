import { createBot } from '../../src/bot/bot.ts';
import { commandSet } from '../../src/commands/set.ts';
import type { Session } from '../../src/inputs/xmpp/account.ts';
import { xmppInput, type XmppOptions } from '../../src/inputs/xmpp/xmpp.ts';
import type { Log, LogFields } from '../../src/log/log.ts';
import { type OpenGate, openGate } from '../../test/support/open-gate.ts';
import type { User, XmppServer } from '../../test/support/xmpp/server.ts';
import { counting } from './counting.ts';

/** A bot of this process with the whole XMPP input, that counts what it runs. */
export interface Bot {
  readonly user: User;
  /** The network between it, and nobody else, and the server. */
  readonly network: OpenGate;
  readonly lines: readonly LogLine[];
  /** How often each command ran. */
  readonly runs: ReadonlyMap<string, number>;
  /** As it was given to the input last. */
  readonly session: Session | undefined;
  /** How often a session began, and went on after a cut. */
  readonly begun: number;
  readonly resumed: number;
  /** Why it is not logged in. */
  readonly outage: string | undefined;
  /** Rejects when it gave up. */
  readonly running: Promise<void>;
  stop(): Promise<void>;
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly room: string;
  readonly nick: string;
  /** `performance.now()`. */
  readonly at: number;
}

export interface BotOptions {
  readonly user: User;
  readonly rooms?: readonly string[];
  readonly resource?: string;
}

/** It is not logged in yet. */
export async function startBot(server: XmppServer, { user, rooms = [], resource }: BotOptions): Promise<Bot> {
  const network = await openGate(`${server.host}:${server.port}`);
  const lines: LogLine[] = [];
  const runs = new Map<string, number>();
  let session: Session | undefined;
  let begun = 0;
  let resumed = 0;
  const keep =
    (level: LogLine['level']) =>
    (message: string, { room = '', nick = '' }: LogFields = {}): void =>
      void lines.push({ level, message, room: String(room), nick: String(nick), at: performance.now() });
  const log: Log = { debug() {}, info: keep('info'), warn: keep('warn'), error: keep('error') };
  const options: XmppOptions = {
    accounts: [{ jid: user.jid, password: user.password }],
    server: network.address,
    mode: 'starttls',
    ca: server.ca,
    conference: server.conference,
    rooms,
    log,
    dialect: () => ({
      ...(resource === undefined ? {} : { resource }),
      online(live, isResumed) {
        session = live;
        if (isResumed) resumed += 1;
        else begun += 1;
      },
    }),
  };
  const input = xmppInput(options);
  const commands = commandSet([counting(runs)]);
  const ending = new AbortController();
  const running = createBot({ inputs: [input], commands: () => commands, log }).run(ending.signal);
  running.catch(() => {});
  return {
    user,
    network,
    lines,
    runs,
    get session() {
      return session;
    },
    get begun() {
      return begun;
    },
    get resumed() {
      return resumed;
    },
    get outage() {
      return input.outage?.reason;
    },
    running,
    async stop() {
      ending.abort();
      await running.catch(() => {});
      network.close();
    },
  };
}
