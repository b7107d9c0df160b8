import type { Metadata } from '../discovery/registry.ts';
import { compare } from './set.ts';

/** `broker=http,server=mucp`, in the order of the names. */
export const formatMetadata = (metadata: Metadata): string =>
  Object.entries(metadata)
    .sort(([one], [other]) => compare(one, other))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
