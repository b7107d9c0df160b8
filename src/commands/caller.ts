import type { Metadata } from '../discovery/registry.ts';
import type { Invocation } from './command.ts';

const own = 'micro-bot-';

/**
 * What a service is told about who asked, and under which id. A caller's own metadata cannot pretend to be somebody else: names that
 * begin with `Micro-Bot-` are dropped from it.
 */
export function callerMetadata({ caller, id }: Pick<Invocation, 'caller' | 'id'>, extra: Metadata = {}): Metadata {
  const told = { Input: caller.input, Room: caller.room, User: caller.user, 'Command-Id': id };
  return Object.fromEntries([
    ...Object.entries(extra).filter(([name]) => !name.toLowerCase().startsWith(own)),
    ...Object.entries(told)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`Micro-Bot-${name}`, value]),
  ]) as Metadata;
}
