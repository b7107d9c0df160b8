import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Keep } from './rooms/kept.ts';

type Content = Readonly<Record<string, readonly string[]>>;

/** A file that remembers the rooms of each account: JSON, with a list of rooms for each address. Room passwords are in it: mode 0600. */
export function roomsFile(path: string): (jid: string) => Keep {
  let last: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Content> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw error;
    }
    const content: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (!isContent(content)) throw new Error(`${path} does not hold a list of rooms for each account`);
    return content;
  };
  const write = async (jid: string, rooms: readonly string[]): Promise<void> => {
    const content = { ...(await read()), [jid]: rooms };
    // Whole or not at all, whenever the process ends.
    await writeFile(`${path}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  };
  return (jid) => ({
    load: async () => (await read())[jid] ?? [],
    save(rooms) {
      // Accounts share the file.
      const saved = last.then(() => write(jid, rooms));
      last = saved.catch(() => {});
      return saved;
    },
  });
}

const isContent = (value: unknown): value is Content =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((rooms) => Array.isArray(rooms) && rooms.every((room) => typeof room === 'string'));
