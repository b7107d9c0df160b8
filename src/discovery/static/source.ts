import { fileURLToPath } from 'node:url';
import type { Log } from '../../log/log.ts';
import { RegistryError, type ServiceRecord } from '../registry.ts';
import { servicesFile } from './file.ts';
import { inlineServices } from './inline.ts';

/** Where services are given that do not register. */
export interface Source {
  /** False: it never changes. */
  readonly isFile: boolean;
  /** A record a node; the same array while nothing changes. */
  read(): Promise<readonly ServiceRecord[]>;
}

/**
 * What `--registry_address` means: a file, which begins with `/`, `./` or `../`, is a `file:` URL or ends in `.json`; or the services
 * themselves. A list is what its commas have parted. Throws `invalid`.
 */
export function sourceOf(addresses: readonly string[], log: Log): Source {
  const text = addresses.join(',').trim();
  const path = pathIn(text);
  if (path !== undefined) return { isFile: true, ...servicesFile(path, log) };
  const records = inlineServices(text);
  return { isFile: false, read: () => Promise.resolve(records) };
}

function pathIn(text: string): string | undefined {
  if (text.startsWith('file:')) {
    try {
      return fileURLToPath(text);
    } catch (error) {
      throw new RegistryError('invalid', `static registry: ${JSON.stringify(text)} is no URL of a file`, {
        cause: error,
      });
    }
  }
  return /^\.{0,2}\//.test(text) || (text.endsWith('.json') && !text.includes('=')) ? text : undefined;
}
