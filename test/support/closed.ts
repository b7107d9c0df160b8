import type { Duplex } from 'node:stream';

/** Resolves when it is closed, also by an error: Node's `once` rejects then, and never settles when that was before. */
export function closed(stream: Duplex): Promise<void> {
  stream.on('error', () => {});
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve);
  });
}
