import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Release } from './go.ts';

/** Captures of one kind, by release and by name. */
export type ByRelease<T> = Readonly<Partial<Record<Release, Readonly<Record<string, T>>>>>;

/** What was captured from Go peers, in files that tests without Go replay. v6 has files of its own: it is not built everywhere. */
export interface Fixture<T> {
  read(): ByRelease<T>;
  /** Replaces what is kept of the releases in `captures`. */
  write(captures: ByRelease<T>): void;
}

export function fixture<T>(name: string): Fixture<T> {
  const files = [`${name}.json`, `${name}-v6.json`].map((file) => new URL(`../fixtures/${file}`, import.meta.url));
  const readFile = (file: URL): ByRelease<T> =>
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ByRelease<T>) : {};
  return {
    read: () => Object.assign({}, ...files.map(readFile)) as ByRelease<T>,
    write({ v6, ...others }) {
      const [file, fileOfV6] = files;
      if (file !== undefined) writeFileSync(file, ascii({ ...readFile(file), ...others }));
      if (fileOfV6 !== undefined && v6 !== undefined) writeFileSync(fileOfV6, ascii({ v6 }));
    },
  };
}

const ascii = (value: unknown): string =>
  `${JSON.stringify(value, null, 1).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
