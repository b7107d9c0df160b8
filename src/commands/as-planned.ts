import type { ServiceRecord } from '../discovery/registry.ts';
import type { Filter } from '../runtime/client/client.ts';
import { type Arguments, CommandError } from './command.ts';
import { conditionsOf } from './served.ts';

/** A call goes to a service as it was when somebody looked at what the call would do: that is what was allowed. */
export interface AsPlanned {
  /** What was looked at for these arguments. */
  keep(args: Arguments, endpoint: string, records: readonly ServiceRecord[]): void;
  /** Undefined where nobody looked, as in a terminal. */
  of(args: Arguments): Pinned | undefined;
}

export interface Pinned {
  /** Keeps the records that say of the endpoint what one of them said then. */
  readonly filter: Filter;
  /** Throws a `CommandError` (`failed`) when none of a service's records was kept. */
  check(service: string): void;
}

export function asPlanned(): AsPlanned {
  const kept = new WeakMap<Arguments, Pinned>();
  return {
    keep(args, endpoint, records) {
      const said = new Set(records.map((record) => saidOf(record, endpoint)));
      let isOther = false;
      kept.set(args, {
        filter: (now) => {
          const same = now.filter((record) => said.has(saidOf(record, endpoint)));
          isOther = same.length === 0 && now.length > 0;
          return same;
        },
        check(service) {
          if (!isOther) return;
          throw new CommandError(
            'failed',
            `${service} was not called: it has changed since it was asked for. Ask again.`,
          );
        },
      });
    },
    of: (args) => kept.get(args),
  };
}

/** All that the conditions of a call come from: one that is not listed may be any of those that are. */
function saidOf({ endpoints, metadata }: ServiceRecord, endpoint: string): string {
  const listed = endpoints.filter(({ name }) => name === endpoint);
  const all = listed.length === 0 ? endpoints : listed;
  return JSON.stringify([
    conditionsOf(metadata),
    ...all.map((each) => [each.name, Object.entries(each.metadata).sort(([one], [other]) => (one < other ? -1 : 1))]),
  ]);
}
