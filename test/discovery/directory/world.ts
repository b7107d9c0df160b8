import { afterEach } from 'vitest';
import type { Directory, Versions } from '../../../src/discovery/directory.ts';
import { createDirectory, type DirectoryOptions } from '../../../src/discovery/directory/follow.ts';
import { logLines } from '../../support/lines.ts';
import { type Faulty, faultyRegistry } from './faulty.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A directory on a registry at the end of a bad line. */
export function follow(far: Faulty, options: DirectoryOptions = {}) {
  const { log, lines } = logLines();
  const directory = createDirectory(far.view, { log, ...options });
  const changes: string[][] = [];
  directory.onChange((names) => changes.push([...names].toSorted()));
  closing.push(() => directory.close());
  const said = (level: 'info' | 'warn' | 'error') => lines.filter((line) => line.level === level);
  return { directory, changes, said, lines };
}

/** The same, with everything seen. */
export async function setup(options: DirectoryOptions & { readonly listsNodes?: boolean } = {}) {
  const { listsNodes = true, ...rest } = options;
  const far = faultyRegistry({ listsNodes });
  const following = follow(far, rest);
  await following.directory.ready;
  return { far, ...following };
}

export const ids = (versions: Versions | undefined): readonly string[] =>
  (versions ?? []).flatMap(({ nodes }) => nodes.map(({ id }) => id));

/** What is known, as `service version node` lines. */
export const contents = (directory: Directory): readonly string[] =>
  [...directory.services.values()].flatMap((versions) => lines(versions)).toSorted();

export const lines = (records: Versions): readonly string[] =>
  records.flatMap(({ name, version, nodes }) => nodes.map(({ id, address }) => `${name} ${version} ${id} ${address}`));
