import { type Session, XmppError } from '../account.ts';
import { pinging } from './stanzas.ts';

/** Whether we are in a room, as far as it can be known (XEP-0410). */
export type Membership = 'in' | 'out' | 'unknown';

/** Pings ourselves through the room. Never rejects. */
export async function pingSelf(session: Session, address: string, options: AskOptions): Promise<Membership> {
  try {
    await session.ask(pinging(address), options);
    return 'in';
  } catch (error) {
    return membershipAfter(error);
  }
}

export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

function membershipAfter(error: unknown): Membership {
  if (!(error instanceof XmppError) || error.code === 'unavailable') return 'unknown';
  switch (error.condition) {
    // It came back to us, and whoever answered for us does not know pings.
    case 'service-unavailable':
    case 'feature-not-implemented':
      return 'in';
    case 'remote-server-not-found':
    case 'remote-server-timeout':
      return 'unknown';
    default:
      // Where only the nick is another one, joining again does no harm.
      return 'out';
  }
}
