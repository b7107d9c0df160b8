import { driverName } from './driver.ts';
import { ConfigError } from './error.ts';
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
