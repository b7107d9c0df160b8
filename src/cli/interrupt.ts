import { endBy } from './end.ts';

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** 128 and the signal's number, as shells have it. */
const codes = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;

export interface Interrupt extends Disposable {
  /** Aborts at the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** The exit code for the signal that came, or undefined. */
  readonly code: number | undefined;
}

/** Listens for the signals that ask a process to end, until it is disposed. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let code: number | undefined;
  const heard = (name: (typeof signals)[number]): void => {
    if (controller.signal.aborted) endBy(name);
    code = codes[name];
    controller.abort();
  };
  for (const name of signals) process.on(name, heard);
  return {
    signal: controller.signal,
    get code() {
      return code;
    },
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, heard);
    },
  };
}
