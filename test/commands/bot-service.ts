import type { Handler } from '../../src/runtime/server/server.ts';
import { unary } from '../../src/runtime/server/server.ts';

export interface BotService {
  readonly handler: Handler;
  /** What `Command.Exec` was asked, in order. */
  readonly execs: readonly (readonly string[])[];
  /** How often `Command.Help` was asked. */
  readonly helps: () => number;
}

export interface Executed {
  readonly result?: string;
  readonly error?: string;
}

export interface BotServiceOptions {
  readonly usage?: string;
  readonly description?: string;
  /** What the first answers to `Command.Help` fail with. */
  readonly helpFailures?: number;
  /** Answers or throws; default: the words, joined by spaces. */
  readonly exec?: (args: readonly string[]) => Executed;
}

/** The handler of a service in the bot's namespace, as anybody would write it. */
export function botService(options: BotServiceOptions = {}): BotService {
  const { usage = 'foo [text]', description = 'Echoes text', helpFailures = 0 } = options;
  const { exec = (args): Executed => ({ result: args.join(' ') }) } = options;
  const execs: (readonly string[])[] = [];
  let helps = 0;
  const handler: Handler = {
    name: 'Command',
    methods: {
      Help: unary(() => {
        helps += 1;
        if (helps <= helpFailures) throw new Error('not yet');
        return { usage, description };
      }),
      Exec: unary(({ args = [] }: { readonly args?: readonly string[] }) => {
        execs.push(args);
        const { result = '', error } = exec(args);
        return { result: Buffer.from(result).toString('base64'), ...(error === undefined ? {} : { error }) };
      }),
    },
  };
  return { handler, execs, helps: () => helps };
}
