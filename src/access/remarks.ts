import type { Log } from '../log/log.ts';
import type { KnownCommands } from './known.ts';
import type { Policy } from './policy.ts';
import { unknownNames } from './unknown.ts';
import { sentenceOf, type UnknownName } from './unknown-name.ts';

export interface RemarksOptions {
  readonly file: string | undefined;
  readonly policy: () => Policy;
  /** Absent: nobody can tell which commands there are. */
  readonly commands: (() => KnownCommands) | undefined;
  /** How long services have to come before the log is told of names that nobody has. Milliseconds. */
  readonly settleMs: number;
  readonly log: Log;
}

/** What is not wrong with an access file, and still may not be what somebody meant. */
export interface Remarks {
  /** As of now. Empty while nobody can tell. */
  unknown(): readonly UnknownName[];
  /** The file was read: the log is told once of what is new to it, when the commands are known. */
  renew(): void;
  close(): void;
}

/** More of them are counted in the log. */
const mostLogged = 20;

export function createRemarks({ file, policy, commands, settleMs, log }: RemarksOptions): Remarks {
  let told: ReadonlySet<string> = new Set();
  let timer: NodeJS.Timeout | undefined;
  let last:
    | { readonly policy: Policy; readonly known: KnownCommands | undefined; readonly found: readonly UnknownName[] }
    | undefined;

  const unknown = (): readonly UnknownName[] => {
    const [current, known] = [policy(), commands?.()];
    if (last?.policy !== current || last.known !== known) {
      last = { policy: current, known, found: unknownNames(current, known) };
    }
    return last.found;
  };

  /** False when that is to be tried again: the commands are not known yet, or may be others. */
  const tell = (): boolean => {
    try {
      if (commands?.().stale === true) return false;
      const found = unknown();
      // Lines move when something is written above them.
      const news = found.filter(({ name }) => !told.has(name)).map(sentenceOf);
      told = new Set(found.map(({ name }) => name));
      if (news.length === 0) return true;
      const more = news.length > mostLogged ? [`and ${news.length - mostLogged} more`] : [];
      log.warn('the access file names what nobody has: it may come later, or is a mistake', {
        file,
        names: [...news.slice(0, mostLogged), ...more],
      });
      return true;
    } catch (error) {
      log.debug('nobody can tell yet which commands there are', { error });
      return false;
    }
  };

  const renew = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!tell()) renew();
    }, settleMs);
    timer.unref();
  };

  return { unknown, renew, close: () => clearTimeout(timer) };
}
