import { createSecureContext } from 'node:tls';
import { RegistryError } from '../registry.ts';
import type { Security } from './sockets.ts';

/** PEM, as text or bytes. */
export interface EtcdTls {
  /** Who may vouch for etcd. Default: the authorities that Node knows. */
  readonly ca?: string | Uint8Array;
  /** Who we are, when etcd asks for it. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** Takes anybody for etcd. Default false: the certificate must be valid, and for the host of the address. */
  readonly insecure?: boolean;
}

/** Throws `invalid` for certificates and keys that cannot be used. */
export function securityOf({ ca, cert, key, insecure = false }: EtcdTls): Security {
  if ((cert === undefined) !== (key === undefined)) {
    throw new RegistryError('invalid', 'the certificate and the key for etcd belong together');
  }
  const parts = Object.entries({ ca, cert, key }).flatMap(([name, pem]) =>
    pem === undefined ? [] : [[name, Buffer.from(pem as string)] as const],
  );
  try {
    return { context: createSecureContext({ ...Object.fromEntries(parts), minVersion: 'TLSv1.2' }), insecure };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RegistryError('invalid', `the certificates for etcd cannot be used: ${reason}`, { cause: error });
  }
}
