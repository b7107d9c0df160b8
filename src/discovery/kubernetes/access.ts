import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryError } from '../registry.ts';

/** How the API server and this process trust each other. All are PEM texts. */
export interface KubernetesTls {
  /** Whose certificates count. Default: the system's authorities, or the cluster's within one. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Believes any certificate. Default false. */
  readonly insecure?: boolean;
}

export interface AccessOptions {
  readonly addresses: readonly string[];
  readonly namespace?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly account?: string | undefined;
  readonly tls?: KubernetesTls | undefined;
}

/** One API server. */
export interface Place {
  readonly origin: string;
  /** What comes before `/api`. */
  readonly path: string;
  /** `Basic …` when the address has a user. */
  readonly basic: string | undefined;
}

export interface Access {
  readonly places: readonly Place[];
  tls(): Promise<KubernetesTls>;
  namespace(): Promise<string>;
  /** The header `Authorization`, read anew each time: the tokens of a cluster last about an hour. */
  authorization(place: Place): Promise<string | undefined>;
}

/** Where a cluster puts what its pods need to know. */
const mountedAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** How to get in; without an address as a pod of the cluster. Throws `invalid` for an address that is none, or when there is no cluster. */
export function newAccess(options: AccessOptions): Access {
  const isInside = options.addresses.length === 0;
  const { token, tls = {}, account = mountedAccount } = options;
  const tokenFile = options.tokenFile ?? (isInside ? join(account, 'token') : undefined);
  return {
    places: isInside ? [placeInside()] : options.addresses.map((address) => placeAt(address, tls)),
    async tls() {
      if (!isInside || tls.ca !== undefined || tls.insecure === true) return tls;
      return { ...tls, ca: await contents(join(account, 'ca.crt')) };
    },
    async namespace() {
      if (options.namespace !== undefined) return options.namespace;
      return isInside ? (await contents(join(account, 'namespace'))).trim() : 'default';
    },
    async authorization({ basic }) {
      if (token !== undefined) return `Bearer ${token}`;
      if (basic !== undefined || tokenFile === undefined) return basic;
      return `Bearer ${(await contents(tokenFile)).trim()}`;
    },
  };
}

function placeInside(): Place {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  if (host === '') {
    throw new RegistryError(
      'invalid',
      'this process runs in no Kubernetes cluster (KUBERNETES_SERVICE_HOST is not set): the registry needs an address, such as that of kubectl proxy',
    );
  }
  return placeAt(`https://${host.includes(':') ? `[${host}]` : host}:${port}`, {});
}

/** Without a scheme it is `http`, as `kubectl proxy` speaks, unless there is something to be said of TLS. */
function placeAt(address: string, tls: KubernetesTls): Place {
  const scheme = Object.keys(tls).length > 0 ? 'https' : 'http';
  const text = address.includes('://') ? address : `${scheme}://${address}`;
  try {
    const { protocol, origin, pathname, username, password } = new URL(text);
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const basic = user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
    // A path with an @ is what follows a slash in a password.
    if (/^https?:$/.test(protocol) && !pathname.includes('@'))
      return { origin, path: pathname.replace(/\/+$/, ''), basic };
  } catch {
    // It says the same as an address with a foreign scheme. The reason would hold the password.
  }
  throw new RegistryError('invalid', 'the address of the Kubernetes API is no http:// or https:// address');
}

async function contents(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new RegistryError('unavailable', `the Kubernetes service account can't be read: ${path}`, { cause });
  }
}
