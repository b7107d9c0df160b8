import { Socket } from 'node:net';

/** What a process holds, after a garbage collection. */
export interface Health {
  readonly heapBytes: number;
  /** Open things that keep a process alive, by kind: sockets, timers. */
  readonly handles: Readonly<Record<string, number>>;
  /** Where the open sockets lead, and what became of them so far. */
  readonly sockets: readonly string[];
  /** Errors that nobody caught. */
  readonly uncaught: readonly string[];
}

const uncaught: string[] = [];

/** From now on uncaught errors are remembered, and end nothing. */
export function watchHealth(): void {
  const remember = (error: unknown): void => {
    uncaught.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on('unhandledRejection', remember);
  process.on('uncaughtException', remember);
}

/** Needs `--expose-gc`. */
export function health(): Health {
  for (let again = 0; again < 3; again += 1) globalThis.gc?.();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  return { heapBytes: process.memoryUsage().heapUsed, handles, sockets: sockets(), uncaught };
}

/** Node has no public list of them. */
function sockets(): readonly string[] {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles(this: void): readonly unknown[] };
  return handles()
    .filter((handle) => handle instanceof Socket)
    .map(({ localPort, remotePort, bytesRead, bytesWritten, readyState }) =>
      [localPort, remotePort, `${bytesRead} read`, `${bytesWritten} written`, readyState].join(' '),
    );
}

/** Of all kinds together. */
export const handles = ({ handles }: Health): number => Object.values(handles).reduce((sum, count) => sum + count, 0);
