import { readFile, writeFile } from 'node:fs/promises';

/** Lines that are remembered. */
export const historySize = 1_000;

/** What was typed before, the newest first. Nothing when the file cannot be read: it is a comfort. */
export async function loadHistory(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .slice(-historySize)
    .reverse();
}

/** Keeps the lines for the owner of the file alone: people type secrets. */
export async function saveHistory(file: string | undefined, newestFirst: readonly string[]): Promise<void> {
  if (file === undefined) return;
  const text = newestFirst
    .toReversed()
    .map((line) => `${line}\n`)
    .join('');
  await writeFile(file, text, { mode: 0o600 });
}
