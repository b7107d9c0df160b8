import { driverName } from './driver.ts';
import { ConfigError } from './error.ts';
import type { Flag } from './flag.ts';
import { splitList, type Values } from './values.ts';

/** The files are named, not read. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly selfSigned: boolean;
  readonly insecure: boolean;
  readonly requestClientCert: boolean;
}

export interface TransportConfig {
  readonly driver: string;
  readonly addresses: readonly string[];
  /** Undefined: what is sent is not encrypted. */
  readonly tls: TlsFiles | undefined;
}

export const transportFlags: readonly Flag[] = [
  {
    name: 'transport',
    kind: 'string',
    env: 'MICRO_TRANSPORT',
    default: 'http',
    usage: 'What mucp travels on. http, grpc, memory, nats, websocket',
  },
  {
    name: 'transport_address',
    kind: 'string',
    env: 'MICRO_TRANSPORT_ADDRESS',
    usage: 'Addresses of the nats servers, separated by commas',
  },
  {
    name: 'transport_secure',
    kind: 'boolean',
    env: 'MICRO_TRANSPORT_SECURE',
    usage: 'Encrypt what is sent. The other side needs a certificate that can be verified',
  },
  {
    name: 'transport_ca',
    kind: 'string',
    env: 'MICRO_TRANSPORT_CA',
    usage: 'File with the certificates that are trusted, instead of the usual ones',
  },
  {
    name: 'transport_cert',
    kind: 'string',
    env: 'MICRO_TRANSPORT_CERT',
    usage: 'File with the certificate of the server',
  },
  {
    name: 'transport_key',
    kind: 'string',
    env: 'MICRO_TRANSPORT_KEY',
    usage: 'File with the key of the certificate',
  },
  {
    name: 'transport_self_signed',
    kind: 'boolean',
    env: 'MICRO_TRANSPORT_SELF_SIGNED',
    usage: 'Let the server make a certificate of its own, which nobody can verify',
  },
  {
    name: 'transport_insecure',
    kind: 'boolean',
    env: 'MICRO_TRANSPORT_INSECURE',
    usage: 'Do not verify the other side, encrypted or not: for trying out',
  },
  {
    name: 'transport_request_client_cert',
    kind: 'boolean',
    env: 'MICRO_TRANSPORT_REQUEST_CLIENT_CERT',
    usage: 'Let the server refuse who has no certificate that transport_ca vouches for',
  },
];

/** Throws a `ConfigError` (`invalid`) for settings of TLS that mean nothing, or exclude each other. */
export const readTransport = (values: Values): TransportConfig => ({
  driver: driverName(values, 'transport'),
  addresses: splitList(values.string('transport_address') ?? ''),
  tls: readTls(values),
});

function readTls(values: Values): TlsFiles | undefined {
  const names = { ca: 'transport_ca', cert: 'transport_cert', key: 'transport_key' };
  const [ca, cert, key] = [names.ca, names.cert, names.key].map((name) => values.string(name));
  const selfSigned = values.boolean('transport_self_signed');
  const insecure = values.boolean('transport_insecure');
  const requestClientCert = values.boolean('transport_request_client_cert');
  if (!values.boolean('transport_secure')) {
    const stray = Object.values(names).find((name) => values.string(name) !== undefined);
    const other =
      stray ??
      ['transport_self_signed', 'transport_insecure', 'transport_request_client_cert'].find((name) =>
        values.boolean(name),
      );
    if (other === undefined) return undefined;
    throw new ConfigError('invalid', `${other} means nothing without transport_secure: nothing would be encrypted`);
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError('invalid', 'transport_cert and transport_key belong together: one of them is missing');
  }
  if (cert !== undefined && selfSigned) {
    throw new ConfigError('invalid', 'transport_self_signed and transport_cert exclude each other');
  }
  if (requestClientCert && ca === undefined) {
    throw new ConfigError('invalid', 'transport_request_client_cert needs transport_ca: who vouches for clients');
  }
  return { ca, cert, key, selfSigned, insecure, requestClientCert };
}
