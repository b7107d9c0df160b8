import type { CallOptions } from '../client/client.ts';
import type { Context } from '../context.ts';
import { MicroError, timeout } from '../errors.ts';

/** How long somebody may wait who is to be called or answered. */
export interface Limits {
  /** As in the errors: `go.micro.client` or `go.micro.server`. */
  readonly id: string;
  /** Milliseconds. */
  readonly leftMs: number;
  readonly signals: readonly AbortSignal[];
}

/** Of a call. `maxWaitMs` counts when it has no time limit of its own. */
export function limitsOfCall({ context, signal, timeoutMs }: CallOptions, maxWaitMs: number): Limits {
  const untilDeadlineMs = (context?.deadline ?? Number.POSITIVE_INFINITY) - Date.now();
  return {
    id: 'go.micro.client',
    leftMs: Math.min(timeoutMs ?? maxWaitMs, untilDeadlineMs),
    signals: [signal, context?.signal].filter((each) => each !== undefined),
  };
}

/** Of a request that is being answered. */
export const limitsOfRequest = ({ deadline, signal }: Context, maxWaitMs: number): Limits => ({
  id: 'go.micro.server',
  leftMs: Math.min(maxWaitMs, (deadline ?? Number.POSITIVE_INFINITY) - Date.now()),
  signals: [signal],
});

/** The options of a call that has waited: its time is for all it does. */
export const shortened = (options: CallOptions, waitedMs: number): CallOptions =>
  options.timeoutMs === undefined ? options : { ...options, timeoutMs: options.timeoutMs - waitedMs };

/** Runs `onAbort` once, when any of the signals aborts, at once when one has. The result ends that. */
export function listen(signals: readonly AbortSignal[], onAbort: () => void): () => void {
  const forget = (): void => {
    for (const signal of signals) signal.removeEventListener('abort', heard);
  };
  const heard = (): void => {
    forget();
    onAbort();
  };
  for (const signal of signals) signal.addEventListener('abort', heard);
  if (signals.some(({ aborted }) => aborted)) heard();
  return forget;
}

export const canceled = (id: string): MicroError => timeout(id, 'context canceled');

export const late = (id: string): MicroError => timeout(id, 'call timeout: context deadline exceeded');

export const tooMany = (id: string, detail: string): MicroError => new MicroError(id, 429, detail);
