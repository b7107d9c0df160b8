import { onTestFinished } from 'vitest';
import { createBot } from '../../../src/bot/bot.ts';
import type { Command } from '../../../src/commands/command.ts';
import { commandSet } from '../../../src/commands/set.ts';
import { text } from '../../../src/document/document.ts';
import type { Input } from '../../../src/inputs/input.ts';
import { xmppInput, type XmppOptions } from '../../../src/inputs/xmpp/xmpp.ts';
import { unique } from '../../support/name.ts';
import { recordedLog, type RecordedLog } from '../../support/recorded.ts';
import { until } from '../../support/until.ts';
import type { User, XmppServer } from '../../support/xmpp/server.ts';

/** A bot that listens on a server. */
export interface Scene {
  readonly user: User;
  readonly input: Input;
  readonly log: RecordedLog;
  /** What the commands `echo` were given, in order. */
  readonly ran: readonly string[];
  /** Ends the bot, and resolves when it has. */
  readonly stop: () => Promise<void>;
}

export interface SceneOptions {
  readonly commands?: readonly Command[];
  readonly input?: Partial<XmppOptions>;
  /** Default: a new account. */
  readonly user?: User;
}

/** Resolves when the bot is logged in. It ends with the test. */
export async function scene(
  server: XmppServer,
  { commands = [], input, user: given }: SceneOptions = {},
): Promise<Scene> {
  const user = given ?? (await server.addUser(unique('bot')));
  const log = recordedLog();
  const ran: string[] = [];
  const echo: Command = {
    name: 'echo',
    usage: 'echo [text]',
    description: 'Returns the [text]',
    source: { kind: 'builtin' },
    run: async ({ args }) => {
      ran.push(args.after(0));
      return text(args.after(0));
    },
  };
  const set = commandSet([echo, ...commands]);
  const listening = xmppInput({
    accounts: [{ jid: user.jid, password: user.password }],
    server: `${server.host}:${server.port}`,
    mode: 'starttls',
    ca: server.ca,
    conference: server.conference,
    log,
    ...input,
  });
  const bot = createBot({ inputs: [listening], commands: () => set, log });
  const ending = new AbortController();
  const running = bot.run(ending.signal);
  running.catch(() => {});
  const stop = async (): Promise<void> => {
    ending.abort();
    await running.catch(() => {});
  };
  onTestFinished(stop);
  await until(() => listening.outage === undefined);
  return { user, input: listening, log, ran, stop };
}
