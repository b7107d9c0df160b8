import { decodedPart, eachAddress, parsedUrl } from '../address-text.ts';
import { RegistryError } from '../registry.ts';
import { shownAddress } from '../shown.ts';

/** Where an agent takes questions. */
export interface Place {
  /** `http://127.0.0.1:8500`, without a user: for the connection and for sentences. */
  readonly origin: string;
  /** What stands before `/v1`, where a proxy puts the agent under a path. */
  readonly path: string;
  /** A Unix socket to be used in place of the origin's host. */
  readonly socketPath: string | undefined;
  /** What a proxy in front wants to see. */
  readonly authorization: string | undefined;
}

const defaultPort = 8500;

/**
 * Reads addresses: `host`, `host:port`, `https://user:password@host:port/path`, `unix:///run/consul.sock`, several with commas between them.
 * None is Consul's own default on this machine. Throws `invalid`, without the password.
 */
export function parseAddresses(addresses: readonly string[], isSecure: boolean): readonly Place[] {
  return eachAddress(addresses, `127.0.0.1:${defaultPort}`).map((address) => {
    const place = parse(address, isSecure);
    if (place === undefined) throw invalid(shownAddress(address, addresses));
    return place;
  });
}

/** Who is asked, for sentences. */
export const placeName = ({ origin, path, socketPath }: Place): string =>
  socketPath === undefined ? `${origin}${path}` : `unix://${socketPath}`;

function parse(address: string, isSecure: boolean): Place | undefined {
  const [, given, rest = address] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(address) ?? [];
  const scheme = given?.toLowerCase() ?? (isSecure ? 'https' : 'http');
  if (scheme === 'unix' && rest.startsWith('/')) {
    return { origin: 'http://localhost', path: '', socketPath: rest, authorization: undefined };
  }
  const url = /^https?$/.test(scheme) && !/[\s\\]/.test(rest) ? parsedUrl(`${scheme}://${rest}`) : undefined;
  const port = portOf(rest);
  // A path with an @ is what follows a slash in a password.
  if (url === undefined || port === 0 || `${url.search}${url.hash}` !== '' || url.pathname.includes('@'))
    return undefined;
  return {
    origin: `${scheme}://${url.hostname}:${port}`,
    path: url.pathname.replace(/\/+$/, ''),
    socketPath: undefined,
    authorization: url.username === '' ? undefined : basic(url),
  };
}

/** From the text: a URL forgets port 80, which is as good as any. */
function portOf(rest: string): number {
  const host = rest.replace(/\/.*$/, '').replace(/^.*@/, '');
  const digits = /:(\d+)$/.exec(host.replace(/^\[[^\]]*\]/, ''))?.[1];
  return digits === undefined ? defaultPort : Number(digits);
}

const basic = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${decodedPart(username)}:${decodedPart(password)}`).toString('base64')}`;

const invalid = (shown: string): RegistryError =>
  new RegistryError(
    'invalid',
    `${shown} is no address of Consul: write it as 10.0.0.5:8500 or https://10.0.0.5:8501, and signs in a password as in %2F`,
  );
