import { RegistryError } from '../registry.ts';

/** What the agent's router reads otherwise than it was written: it folds paths, and some versions of Consul unescape twice. */
const unreadable = /%|^\/|\/\/|(?:^|\/)\.\.?(?:\/|$)|\p{Surrogate}/u;

/** Whether Consul can be asked for a service or a node of this name. */
export const isAskable = (name: string): boolean => name !== '' && !unreadable.test(name);

/** The name as a part of a path. Throws `invalid` for one that Consul cannot be asked for. */
export function inPath(name: string): string {
  if (isAskable(name)) return encodeURIComponent(name);
  const reason = name === '' ? 'it is empty' : 'it has a %, a // or a dot for a step, or half a character';
  throw new RegistryError('invalid', `Consul cannot be asked for ${JSON.stringify(name)}: ${reason}`);
}
