import type { Metadata } from '../discovery/registry.ts';
import type { Invocation } from './command.ts';

/** What a service is told of who asks, and what the runtime itself says of a message: for whom it is, and from which service. */
const own = /^micro-bot-/i;
const wire = /^(?:x-)?micro-/i;

/**
 * What a service is told about who asked, and under which id. A caller's own metadata cannot pretend to be somebody else: names that
 * begin with `Micro-Bot-` are dropped from it and, but for a terminal, all that begin with `Micro-`.
 */
export function callerMetadata({ caller, id }: Pick<Invocation, 'caller' | 'id'>, extra: Metadata = {}): Metadata {
  const told = { Input: caller.input, Room: caller.room, User: caller.user, 'Command-Id': id };
  return Object.fromEntries([
    ...Object.entries(extra).filter(([name]) => !own.test(name) && (caller.input === 'cli' || !wire.test(name))),
    ...Object.entries(told)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`Micro-Bot-${name}`, value]),
  ]) as Metadata;
}
