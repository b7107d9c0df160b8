import { BrokerError } from './broker.ts';

/** A server's URL; text without a scheme gets `scheme`. Throws a `BrokerError` (`invalid`) for any other text or scheme. */
export function serverUrl(text: string, [scheme, ...others]: readonly [string, ...string[]]): URL {
  const full = text.includes('://') ? text : `${scheme}://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const known = [scheme, ...others];
  // The text may hold a password: it is not repeated.
  if (url === undefined || url.hostname === '' || !known.includes(url.protocol.slice(0, -1)) || !isDecodable(url))
    throw new BrokerError('invalid', `the broker's address is no ${known.join('://, ')}:// address`);
  return url;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username} ${password}`);
    return true;
  } catch {
    return false;
  }
}

/** Without user and password. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}`;
}

/** A user's name or password as it was meant. */
export const decoded = (part: string): string => decodeURIComponent(part);
