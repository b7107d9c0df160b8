/** A service may have said a lot. */
const mostLetters = 1_000;

/** Where there is a column or a field of its own for it, that it failed is known. */
const prefix = /^error executing cmd: /;

/** What is remembered of why a job was not done. */
export function reasonOf(why: string | undefined): string | undefined {
  const reason = why?.replace(prefix, '');
  if (reason === undefined || reason.length <= mostLetters) return reason;
  return `${reason.slice(0, mostLetters).replace(/[\ud800-\udbff]$/, '')}…`;
}
