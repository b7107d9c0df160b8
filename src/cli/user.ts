import { userInfo } from 'node:os';

/** The name of the user this process runs as, for services that want to know who asks. `ask` asks the system. */
export function osUserName(ask: () => { readonly username: string } = userInfo): string {
  try {
    return ask().username;
  } catch {
    // In a container the user may have a number only.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
