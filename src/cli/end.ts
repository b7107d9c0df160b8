/**
 * Ends this process at once, as the signal would that nobody listens for. `process.exit` first waits for what the disk was asked for, and so for ever
 * where that hangs.
 */
export function endBy(signal: NodeJS.Signals): void {
  try {
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
  } finally {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Whoever is the first process, as in a container, gets no signal that it sends itself.
    process.abort();
  }
}
