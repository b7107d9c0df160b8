import { userInfo } from 'node:os';
import type { Sender } from '../input.ts';

/** Who sits at the console: the user this process runs as. */
export function osUser(): Sender {
  try {
    const { username } = userInfo();
    return { id: username, name: username };
  } catch {
    // In a container the user may have a number only.
    const id = `uid-${process.getuid?.() ?? 'unknown'}`;
    return { id, name: id };
  }
}
