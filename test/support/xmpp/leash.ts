import { programOf } from '../daemon.ts';

/** How a program is run so that it ends with the thread that started it, however that ended: a listener for `exit` is not always called. */
export function leash(command: string, args: readonly string[]): readonly [command: string, args: readonly string[]] {
  const setpriv = programOf('setpriv');
  return setpriv === undefined ? [command, args] : [setpriv, ['--pdeathsig', 'KILL', command, ...args]];
}
