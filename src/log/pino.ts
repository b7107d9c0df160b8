import type { Writable } from 'node:stream';
import type { Log, LogFields } from './log.ts';
import { scrubber } from './scrub.ts';
import { visible, visibleDeep } from './visible.ts';

export interface LogSettings {
  /** The least level that is written. */
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  readonly format: 'json' | 'pretty' | 'auto';
  /** Values that no line may show. */
  readonly secrets: readonly string[];
  /** Where lines go. Default: standard error. */
  readonly destination?: Writable & { readonly isTTY?: boolean };
}

export interface FlushableLog extends Log {
  /** Resolves when everything logged so far was handed to the system. */
  flush(): Promise<void>;
}

/**
 * A log written by pino. What pino wrote is scrubbed as a whole, so secrets are kept out of messages, stacks and nested
 * fields alike.
 */
export async function createLog(settings: LogSettings): Promise<FlushableLog> {
  const { level, secrets, destination = process.stderr } = settings;
  const { pino, stdSerializers, stdTimeFunctions } = await import('pino');
  const scrub = scrubber(secrets);
  const pretty = settings.format === 'pretty' || (settings.format === 'auto' && destination.isTTY === true);
  const format = pretty ? await prettyFormat(destination.isTTY === true) : jsonFormat;

  const logger = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.err },
    },
    { write: (line: string) => void destination.write(format(scrub.deep(JSON.parse(line)))) },
  );
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void =>
      logger[name](fields, message);

  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    flush: () => new Promise((resolve) => destination.write('', () => resolve())),
  };
}

const jsonFormat = (record: unknown): string => `${visible(JSON.stringify(record))}\n`;

async function prettyFormat(colorize: boolean): Promise<(record: unknown) => string> {
  const { prettyFactory } = await import('pino-pretty');
  const format = prettyFactory({ colorize, errorLikeObjectKeys: ['error'] });
  return (record) => format(visibleDeep(record));
}
