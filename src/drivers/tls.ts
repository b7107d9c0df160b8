import { readFile } from 'node:fs/promises';
import type { TlsFiles } from '../config/transport.ts';
import type { RegistryTlsFiles } from '../config/registry.ts';
import { ConfigError } from '../config/error.ts';
import type { TlsOptions } from '../runtime/transport/tls.ts';

/** Reads the files that are named: once, as one may be a pipe. Throws a `ConfigError` (`invalid`) for one that cannot be read. */
export async function readTls({ selfSigned, insecure, requestClientCert, ...files }: TlsFiles): Promise<TlsOptions> {
  return { ...(await readFiles('transport', files)), selfSigned, insecure, requestClientCert };
}

/** The same for a registry. */
export const readRegistryTls = async ({ insecure, ...files }: RegistryTlsFiles): Promise<RegistryTls> => ({
  ...(await readFiles('registry', files)),
  insecure,
});

/** Texts in the format PEM. */
export type RegistryTls = Readonly<Partial<Record<FileName, string>>> & { readonly insecure: boolean };

type FileName = 'ca' | 'cert' | 'key';

async function readFiles(
  kind: 'transport' | 'registry',
  { ca, cert, key }: Readonly<Record<FileName, string | undefined>>,
): Promise<Partial<Record<FileName, string>>> {
  return {
    ...(await read(kind, 'ca', ca)),
    ...(await read(kind, 'cert', cert)),
    ...(await read(kind, 'key', key)),
  };
}

async function read(
  kind: string,
  name: FileName,
  path: string | undefined,
): Promise<Partial<Record<FileName, string>>> {
  if (path === undefined) return {};
  try {
    return { [name]: await readFile(path, 'utf8') };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError('invalid', `${kind}_${name}: cannot read ${path}: ${reason}`, { cause: error });
  }
}
