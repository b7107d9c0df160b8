import type { Stage } from './stage.ts';

/** People who type commands all the time, each in a direct conversation. */
export interface Speech {
  /** Resolves when everything was acknowledged, or never will be, with how many commands there were. */
  end(): Promise<number>;
}

/** A command every `everyMs` milliseconds, as far as timers keep up. Their names begin with `prefix`. */
export function speak({ slack, direct }: Stage, everyMs: number, prefix: string): Speech {
  const said: Promise<unknown>[] = [];
  const timer = setInterval(() => {
    const place = direct[said.length % direct.length];
    said.push(slack.say({ ...place, text: `work ${prefix}${said.length}` }));
  }, everyMs);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(said);
      return said.length;
    },
  };
}
