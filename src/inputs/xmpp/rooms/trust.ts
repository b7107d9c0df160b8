import { domainOf } from './address.ts';

/**
 * What a room's word is worth when it says who somebody is. The room of a stranger can say of anybody that they are in it, and so can
 * an account that only plays at being a room. `as-a-room`: if it is a room at all.
 */
export type Trust = 'whole' | 'as-a-room' | 'none';

export interface TrustOptions {
  /** Rooms of the configuration. */
  readonly configured: { has(jid: string): boolean };
  readonly conference: string | undefined;
  /** Our own; empty before the first login. */
  readonly ownDomain: string;
}

/** A room of the configuration, of the conference service, or of a service of our own server. */
export function trustIn(room: string, { configured, conference, ownDomain }: TrustOptions): Trust {
  const domain = domainOf(room);
  if (configured.has(room) || domain === conference) return 'whole';
  return ownDomain !== '' && domain.endsWith(`.${ownDomain}`) ? 'as-a-room' : 'none';
}
