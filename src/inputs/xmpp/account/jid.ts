/** The address of an account, taken apart. */
export interface AccountAddress {
  readonly username: string;
  readonly domain: string;
}

const jidPattern = /^([^@/\s]+)@([^@/\s]+)$/;

/** Reads `user@domain`; undefined for what is none. */
export function readJid(jid: string): AccountAddress | undefined {
  const [, username, domain] = jidPattern.exec(jid) ?? [];
  return username === undefined || domain === undefined ? undefined : { username, domain };
}
