import { onTestFinished } from 'vitest';
import type { Element } from '@xmpp/xml';
import type { Account, Session } from '../../../../src/inputs/xmpp/account.ts';
import { createAccount } from '../../../../src/inputs/xmpp/account/create.ts';
import type { AccountOptions } from '../../../../src/inputs/xmpp/account/options.ts';
import { silent, type Log, type LogFields } from '../../../../src/log/log.ts';
import { until } from '../../../support/until.ts';

/** An account that is used by a test, and ends with it. */
export interface Used {
  readonly account: Account;
  /** `online`, `resumed` and `offline`, as they came. */
  readonly events: readonly string[];
  readonly sessions: readonly Session[];
  readonly stanzas: readonly Element[];
  readonly lines: readonly string[];
  /** Resolves or rejects with `run`. */
  readonly ended: Promise<void>;
  /** The session there is, once it is there. */
  readonly session: () => Promise<Session>;
  readonly stop: () => Promise<void>;
}

/** Quick enough for tests, and never the reason why one fails. */
export const quick: AccountOptions['timing'] = {
  pingMs: 300,
  silenceMs: 6_000,
  askMs: 5,
  minDelayMs: 20,
  maxDelayMs: 200,
  slowDelayMs: 400,
  closeMs: 500,
  stableMs: 1_000,
};

export function use(options: Omit<AccountOptions, 'log'>): Used {
  const events: string[] = [];
  const sessions: Session[] = [];
  const stanzas: Element[] = [];
  const lines: string[] = [];
  const account = createAccount({ ...options, timing: { ...quick, ...options.timing }, log: recorder(lines) });
  const stop = new AbortController();
  const ended = account.run(
    {
      online(session, isResumed) {
        events.push(isResumed ? 'resumed' : 'online');
        sessions.push(session);
      },
      offline: () => void events.push('offline'),
      stanza: (stanza) => void stanzas.push(stanza),
    },
    stop.signal,
  );
  ended.catch(() => {});
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  onTestFinished(() => end().catch(() => {}));
  return {
    account,
    events,
    sessions,
    stanzas,
    lines,
    ended,
    session: async () => {
      await Promise.race([until(() => account.outage === undefined && sessions.length > 0), ended]);
      const session = sessions.at(-1);
      if (session === undefined) throw new Error('the account has ended');
      return session;
    },
    stop: end,
  };
}

function recorder(lines: string[]): Log {
  const at =
    (level: string) =>
    (message: string, fields?: LogFields): void =>
      void lines.push(
        `${level} ${message} ${JSON.stringify(fields ?? {}, (_, value: unknown) => (value instanceof Error ? value.message : value))}`,
      );
  return { ...silent, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
