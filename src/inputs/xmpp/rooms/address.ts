/** Without its resource, in the form that servers compare. */
export const bareOf = (jid: string): string => normal(jid.split('/', 1)[0] ?? '');

/** What follows the first slash, exactly as it is: in rooms that is the nick. Empty where nothing does. */
export const resourceOf = (jid: string): string => {
  const slash = jid.indexOf('/');
  return slash < 0 ? '' : jid.slice(slash + 1);
};

export const domainOf = (jid: string): string => {
  const bare = bareOf(jid);
  return bare.slice(bare.indexOf('@') + 1);
};

const normal = (text: string): string => text.normalize('NFKC').toLowerCase();

const roomAddress = /^[^\s@/"&'<>:]{1,1023}@[^\s@/?#]{1,1023}$/u;

/** True for `room@conference.domain`, and nothing after it. */
export const isRoomAddress = (jid: string): boolean => roomAddress.test(jid);

/** A room to be in. */
export interface Wanted {
  /** Bare. */
  readonly jid: string;
  readonly password: string | undefined;
}

/**
 * Reads `room@conference.domain`, or `room` alone where the conference service is known, and a password after `?`. Undefined for what is
 * not an address.
 */
export function readWanted(text: string, conference: string | undefined): Wanted | undefined {
  const mark = text.indexOf('?');
  const name = (mark < 0 ? text : text.slice(0, mark)).trim();
  const password = mark < 0 ? undefined : text.slice(mark + 1);
  const jid = name.includes('@') || conference === undefined ? name : `${name}@${conference}`;
  return isRoomAddress(jid) ? { jid: bareOf(jid), password } : undefined;
}

/** The other way round. */
export const writeWanted = ({ jid, password }: Wanted): string => (password === undefined ? jid : `${jid}?${password}`);
