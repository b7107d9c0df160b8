import type { Log, LogFields } from '../../../../src/log/log.ts';

export interface Line {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that a test can read. */
export interface MemoryLog extends Log {
  readonly lines: readonly Line[];
  /** The messages of these levels that contain this. */
  told(part: string, levels?: readonly (keyof Log)[]): readonly Line[];
}

export function memoryLog(): MemoryLog {
  const lines: Line[] = [];
  const write =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields });
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    lines,
    told: (part, levels = ['info', 'warn', 'error']) =>
      lines.filter(({ level, message }) => levels.includes(level) && message.includes(part)),
  };
}
