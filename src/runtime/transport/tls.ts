import { isIP } from 'node:net';
import type { ConnectionOptions, SecureContext, TlsOptions as ServerOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { namesOf, selfSigned } from './certificate.ts';
import { TransportError } from './transport.ts';

/** How connections are kept from others' eyes. Certificates and keys are PEM, as text or bytes; one `cert` may hold a whole chain. */
export interface TlsOptions {
  /** Who we are: needed to listen, and to dial who asks for it. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** Who may vouch for the other side. Default: the authorities that Node knows. */
  readonly ca?: string | Uint8Array;
  /** When listening: refuses who has no certificate that `ca` vouches for. Default false. */
  readonly requestClientCert?: boolean;
  /** When dialling: takes anybody for whom we dialled. Default false: the certificate must be valid, and for the host that was dialled. */
  readonly insecure?: boolean;
  /** When listening without `cert`: makes a certificate for the host, or all addresses, listened on. Default false. */
  readonly selfSigned?: boolean;
}

const minVersion = 'TLSv1.2';

/** What dialling needs, checked and read once. */
export interface TlsDialing {
  readonly context: SecureContext;
  readonly insecure: boolean;
}

/** Throws a `TransportError` (`invalid`) for certificates or keys that can't be used. */
export function tlsForDialing(options: TlsOptions): TlsDialing {
  return { context: contextOf(options), insecure: options.insecure ?? false };
}

/** Options of `tls.connect` for one host. */
export function connectionTo(host: string, { context, insecure }: TlsDialing, alpn: string): ConnectionOptions {
  // A name tells a server with several certificates which one to show; addresses are not allowed there.
  const name = isIP(host) === 0 ? { servername: host } : {};
  return { secureContext: context, rejectUnauthorized: !insecure, ALPNProtocols: [alpn], ...name };
}

/** Options of a TLS server on `host`. Throws a `TransportError` (`invalid`) when there is no certificate, or none that can be used. */
export function tlsForListening(options: TlsOptions, host: string, alpn: string): ServerOptions {
  const { requestClientCert = false } = options;
  if (options.cert === undefined && options.selfSigned !== true)
    throw invalid('to listen with TLS, give cert and key, or ask for a certificate of its own with selfSigned');
  if (requestClientCert && options.ca === undefined)
    throw invalid('requestClientCert needs ca: who vouches for clients');
  const own = options.cert === undefined ? { ...options, ...selfSigned(namesOf(host)) } : options;
  contextOf(own);
  const requested = requestClientCert ? { requestCert: true, rejectUnauthorized: true } : {};
  return { ...partsOf(own), ...requested, minVersion, ALPNProtocols: [alpn] };
}

function contextOf(options: TlsOptions): SecureContext {
  if ((options.cert === undefined) !== (options.key === undefined)) throw invalid('cert and key belong together');
  try {
    return createSecureContext({ ...partsOf(options), minVersion });
  } catch (error) {
    // OpenSSL names what it could not read, not what was in it.
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new TransportError('invalid', `the TLS certificate, key or ca can't be used: ${reason}`, { cause: error });
  }
}

interface Parts {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly ca?: Buffer;
}

const partsOf = ({ cert, key, ca }: TlsOptions): Parts => ({
  ...(cert === undefined ? {} : { cert: bytesOf(cert) }),
  ...(key === undefined ? {} : { key: bytesOf(key) }),
  ...(ca === undefined ? {} : { ca: bytesOf(ca) }),
});

const bytesOf = (pem: string | Uint8Array): Buffer => (typeof pem === 'string' ? Buffer.from(pem) : Buffer.from(pem));

const invalid = (sentence: string): TransportError => new TransportError('invalid', sentence);
