import { Writable } from 'node:stream';

/** Where something is written while a prompt stands on the same terminal. */
export type Above = (write: () => Promise<void>) => Promise<void>;

/** What others write to the terminal of the console, such as the log: above its prompt, as long as there is one. */
export interface Beside {
  readonly stream: Writable & { readonly isTTY: true };
  /** From now on what is written goes through `above`. */
  use(above: Above): void;
}

export function besidePrompt(terminal: Writable): Beside {
  let above: Above = (write) => write();
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, encoding, done) {
      // The terminal tells its own errors to whoever listens there.
      const write = (): Promise<void> =>
        new Promise((resolve) =>
          terminal.write(chunk, encoding, () => {
            done();
            resolve();
          }),
        );
      void above(write);
    },
  });
  return {
    stream: Object.assign(stream, { isTTY: true as const }),
    use(given) {
      above = given;
    },
  };
}
