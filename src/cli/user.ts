import { userInfo } from 'node:os';

/** The name of the user this process runs as, for services that want to know who asks. */
export function osUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have a number only.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
