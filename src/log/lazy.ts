import type { LogFields } from './log.ts';
import type { FlushableLog, LogSettings } from './pino.ts';

const order: readonly LogSettings['level'][] = ['trace', 'debug', 'info', 'warn', 'error'];

/** The same log for a program that starts at once: pino is loaded when the first line is to be written. */
export function lazyLog(settings: LogSettings): FlushableLog {
  let log: Promise<FlushableLog> | undefined;
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => {
    if (order.indexOf(level) < order.indexOf(settings.level)) return (): void => {};
    return (message: string, fields?: LogFields): void => {
      log ??= load(settings);
      // What cannot be loaded cannot tell; the program itself goes on.
      log.then((loaded) => loaded[level](message, fields)).catch(() => {});
    };
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    flush: async () => await (await log)?.flush(),
  };
}

async function load(settings: LogSettings): Promise<FlushableLog> {
  const { createLog } = await import('./pino.ts');
  return await createLog(settings);
}
