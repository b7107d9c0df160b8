import { afterAll, beforeAll, describe } from 'vitest';
import { withServer } from '../needs.ts';
import { missingEjabberd, startEjabberd } from './ejabberd.ts';
import { missingPerson } from './person.ts';
import { missingProsody, startProsody } from './prosody.ts';
import { missingSendxmpp } from './sendxmpp.ts';
import type { ServerKind, ServerOptions, XmppServer } from './server.ts';

const start = { prosody: startProsody, ejabberd: startEjabberd };
const missing = { prosody: missingProsody, ejabberd: missingEjabberd };

/** Starts a server of that kind. */
export const startServer = (kind: ServerKind, options: ServerOptions = {}): Promise<XmppServer> => start[kind](options);

/** A suite for each kind of server, skipped with the reason where that or the people are missing; it starts its own. */
export function eachKind(name: string, suite: (kind: ServerKind) => void): void {
  for (const kind of ['prosody', 'ejabberd'] as const)
    withServer(missing[kind]() ?? missingPerson() ?? missingSendxmpp(), name, () => {
      // Erlang takes its time on a busy machine, and some tests start a server three times.
      describe(kind, { timeout: 120_000 }, () => suite(kind));
    });
}

/** Likewise, with one server for all of its tests. */
export function eachServer(
  name: string,
  suite: (server: () => XmppServer, kind: ServerKind) => void,
  options: ServerOptions = {},
): void {
  eachKind(name, (kind) => {
    let server: XmppServer;
    beforeAll(async () => {
      server = await startServer(kind, options);
    });
    afterAll(() => server.close());
    suite(() => server, kind);
  });
}
