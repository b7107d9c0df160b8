import { RegistryError } from '../registry.ts';

/** All keys from `key` up to but without `range_end`. */
export interface KeyRange {
  readonly key: Buffer;
  readonly range_end: Buffer;
}

const root = '/micro/registry/';

/** One part of a key: a slash would begin the next one. */
const part = (name: string): string => name.replaceAll('/', '-');

/** Go cleans its keys like paths of files: these parts would vanish from them, or take others along. */
const isLost = (name: string): boolean => name === '' || name === '.' || name === '..';

/** Throws `invalid` for names that have no key of their own. */
export function nodeKey(service: string, id: string): Buffer {
  for (const name of [service, id])
    if (isLost(name))
      throw new RegistryError('invalid', `etcd cannot keep a service or node by the name of ${JSON.stringify(name)}`);
  return Buffer.from(`${root}${part(service)}/${part(id)}`);
}

/** The keys of all services. */
export const allKeys: KeyRange = below(root);

/** The keys of one service, and of others whose names differ from its own in slashes alone. */
export const serviceKeys = (service: string): KeyRange => below(`${root}${part(service)}/`);

/** In the order of bytes `0` follows the slash that a prefix ends in. */
function below(prefix: string): KeyRange {
  return { key: Buffer.from(prefix), range_end: Buffer.from(`${prefix.slice(0, -1)}0`) };
}

/** The first key that can follow another one. */
export const keyAfter = (key: Buffer): Buffer => Buffer.concat([key, Buffer.of(0)]);
