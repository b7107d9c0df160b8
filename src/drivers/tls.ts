import { readFile } from 'node:fs/promises';
import type { TlsFiles } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { TlsOptions } from '../runtime/transport/tls.ts';

/** Reads the files that are named: once, as one may be a pipe. Throws a `ConfigError` (`invalid`) for one that cannot be read. */
export async function readTls({
  ca,
  cert,
  key,
  selfSigned,
  insecure,
  requestClientCert,
}: TlsFiles): Promise<TlsOptions> {
  return {
    ...(await read('ca', ca)),
    ...(await read('cert', cert)),
    ...(await read('key', key)),
    selfSigned,
    insecure,
    requestClientCert,
  };
}

async function read(name: 'ca' | 'cert' | 'key', path: string | undefined): Promise<TlsOptions> {
  if (path === undefined) return {};
  try {
    return { [name]: await readFile(path) };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError('invalid', `transport_${name}: cannot read ${path}: ${reason}`, { cause: error });
  }
}
