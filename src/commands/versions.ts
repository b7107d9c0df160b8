import { type Command, CommandError, type CommandVersion } from './command.ts';
import { shorten } from './declared.ts';

/** More are not told one by one. */
const maxTold = 20;

/** A name of a command with a version behind it: `deploy@1.1.0`. */
export interface Versioned {
  readonly name: string;
  readonly version: string;
}

/** Cuts the version off the last of these words, which make one name. Undefined when it has none. */
export function cutVersion(words: readonly string[]): Versioned | undefined {
  const last = words[words.length - 1] ?? '';
  const at = last.indexOf('@');
  if (at < 1 || at === last.length - 1) return undefined;
  return { name: [...words.slice(0, -1), last.slice(0, at)].join(' ').toLowerCase(), version: last.slice(at + 1) };
}

/** The version with this very text, in any case and with or without a `v` before its digits. */
export function findVersion(versions: readonly CommandVersion[], wanted: string): CommandVersion | undefined {
  const text = wanted.toLowerCase();
  return (
    versions.find(({ version }) => version.toLowerCase() === text) ??
    versions.find(({ version }) => withoutV(version.toLowerCase()) === withoutV(text))
  );
}

/** What a person reads who asked for a version that does not run. */
export const noVersion = ({ name, versions = [] }: Command, wanted: string): string =>
  `no version ${shorten(wanted)} of ${name}; there ${versions.length === 1 ? 'is' : 'are'} ${told(versions)}`;

/** A command that says why it does not run. */
export const refusing = (command: Command, message: string): Command => ({
  name: command.name,
  usage: command.usage,
  description: command.description,
  source: command.source,
  hidden: true,
  run: () => Promise.reject(new CommandError('usage', message)),
});

/** `2.0.0, 1.1.0; run one with deploy@1.1.0`: empty when there is no choice. */
export function explainVersions({ name, versions = [] }: Command): string {
  const other = versions[1];
  return other === undefined ? '' : `${told(versions)}; run one with ${name}@${shorten(other.version)}`;
}

const told = (versions: readonly CommandVersion[]): string => {
  const names = versions.slice(0, maxTold).map(({ version }) => shorten(version));
  const more = versions.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const withoutV = (version: string): string => version.replace(/^v(?=\d)/, '');
