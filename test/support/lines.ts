import type { Log, LogFields } from '../../src/log/log.ts';

export interface Line {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: LogFields;
}

/** A log whose lines can be looked at. */
export function logLines(): { readonly log: Log; readonly lines: readonly Line[] } {
  const lines: Line[] = [];
  const at =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}
