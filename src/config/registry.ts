import { driverName } from './driver.ts';
import { ConfigError } from './error.ts';
import type { Flag } from './flag.ts';
import { type Environment, splitList, type Values } from './values.ts';

/** The files are named, not read. */
export interface RegistryTlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly insecure: boolean;
}

export interface RegistryConfig {
  readonly driver: string;
  readonly addresses: readonly string[];
  readonly mdnsDomain: string;
  /** In Kubernetes. */
  readonly namespace: string | undefined;
  /** The pod we are, in Kubernetes. */
  readonly pod: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly token: string | undefined;
  /** Undefined: as the addresses say. */
  readonly tls: RegistryTlsFiles | undefined;
}

export const registryFlags: readonly Flag[] = [
  {
    name: 'registry',
    kind: 'string',
    env: 'MICRO_REGISTRY',
    default: 'mdns',
    usage: 'Registry for discovery. mdns, memory, etcd, nats, consul, kubernetes, static',
  },
  {
    name: 'registry_address',
    kind: 'string',
    env: 'MICRO_REGISTRY_ADDRESS',
    usage: 'Addresses of the registry, separated by commas; for mdns the interface, for static a file or the services',
  },
  {
    name: 'registry_username',
    kind: 'string',
    env: 'MICRO_REGISTRY_USERNAME',
    usage: 'Who we are for etcd. $ETCD_USERNAME is read, too',
  },
  {
    name: 'registry_password',
    kind: 'string',
    env: 'MICRO_REGISTRY_PASSWORD',
    usage: 'The password for it. Better as a variable, also $ETCD_PASSWORD: a command line can be seen by others',
  },
  {
    name: 'registry_token',
    kind: 'string',
    env: 'MICRO_REGISTRY_TOKEN',
    usage: 'Who we are for consul or kubernetes. $CONSUL_HTTP_TOKEN is read, too',
  },
  {
    name: 'registry_namespace',
    kind: 'string',
    env: 'MICRO_REGISTRY_NAMESPACE',
    usage: 'Namespace of the pods in kubernetes. The own one within a cluster',
  },
  {
    name: 'registry_secure',
    kind: 'boolean',
    env: 'MICRO_REGISTRY_SECURE',
    usage: 'Encrypt what is said to a registry whose address does not say so. Its certificate is verified',
  },
  {
    name: 'registry_ca',
    kind: 'string',
    env: 'MICRO_REGISTRY_CA',
    usage: 'File with the certificates that are trusted of a registry, instead of the usual ones',
  },
  {
    name: 'registry_cert',
    kind: 'string',
    env: 'MICRO_REGISTRY_CERT',
    usage: 'File with the certificate we show to a registry',
  },
  {
    name: 'registry_key',
    kind: 'string',
    env: 'MICRO_REGISTRY_KEY',
    usage: 'File with the key of that certificate',
  },
  {
    name: 'registry_insecure',
    kind: 'boolean',
    env: 'MICRO_REGISTRY_INSECURE',
    usage: 'Do not verify the registry, encrypted or not: for trying out',
  },
  {
    name: 'mdns_domain',
    kind: 'string',
    env: 'MICRO_MDNS_DOMAIN',
    default: 'micro',
    usage: 'Domain of the mdns registry',
  },
];

/** What the tools of a registry read from the environment counts where nothing else was said. */
const customs: Readonly<Record<string, Readonly<Record<'address' | 'username' | 'password' | 'token', string>>>> = {
  consul: {
    address: 'CONSUL_HTTP_ADDR',
    username: '',
    password: '',
    token: 'CONSUL_HTTP_TOKEN',
  },
  etcd: { address: '', username: 'ETCD_USERNAME', password: 'ETCD_PASSWORD', token: '' },
};

/** Throws a `ConfigError` (`invalid`) for files that mean nothing. */
export function readRegistry(values: Values, env: Environment): RegistryConfig {
  const driver = driverName(values, 'registry');
  const custom = (what: 'address' | 'username' | 'password' | 'token'): string | undefined =>
    values.string(`registry_${what}`) ?? (env[customs[driver]?.[what] ?? ''] || undefined);
  return {
    driver,
    addresses: splitList(custom('address') ?? ''),
    mdnsDomain: values.string('mdns_domain') ?? '',
    namespace: values.string('registry_namespace'),
    pod: env['POD_NAME'] || undefined,
    username: custom('username'),
    password: custom('password'),
    token: custom('token'),
    tls: readTls(values),
  };
}

function readTls(values: Values): RegistryTlsFiles | undefined {
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => values.string(`registry_${name}`));
  const insecure = values.boolean('registry_insecure');
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigError('invalid', 'registry_cert and registry_key belong together: one of them is missing');
  }
  const isAsked = values.boolean('registry_secure') || insecure || (ca ?? cert) !== undefined;
  return isAsked ? { ca, cert, key, insecure } : undefined;
}
