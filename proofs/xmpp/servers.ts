import { missingEjabberd, startEjabberd } from '../../test/support/xmpp/ejabberd.ts';
import { missingPerson } from '../../test/support/xmpp/person.ts';
import { missingProsody, startProsody } from '../../test/support/xmpp/prosody.ts';
import type { ServerKind, ServerOptions, XmppServer } from '../../test/support/xmpp/server.ts';

export type Starter = (options: ServerOptions) => Promise<XmppServer>;

export const starters: Readonly<Record<ServerKind, Starter>> = { prosody: startProsody, ejabberd: startEjabberd };

/** Why there is nothing to see with that server. */
export const missing = (kind: ServerKind): string | undefined =>
  (kind === 'prosody' ? missingProsody() : missingEjabberd()) ?? missingPerson();
