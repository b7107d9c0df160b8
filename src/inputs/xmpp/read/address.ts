/** `user@domain` of `user@domain/resource`. Only letters that are the same to every server are made small. */
export function bareOf(jid: string): string {
  const slash = jid.indexOf('/');
  return (slash === -1 ? jid : jid.slice(0, slash)).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** What stands behind the first slash; empty where there is none. */
export function resourceOf(jid: string): string {
  const slash = jid.indexOf('/');
  return slash === -1 ? '' : jid.slice(slash + 1);
}

export function domainOf(jid: string): string {
  const bare = bareOf(jid);
  return bare.slice(bare.indexOf('@') + 1);
}

/** What stands before the `@`; empty for a server. */
export function localOf(jid: string): string {
  const bare = bareOf(jid);
  return bare.slice(0, Math.max(bare.indexOf('@'), 0));
}
