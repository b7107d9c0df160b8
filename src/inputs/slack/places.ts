import { orAborted } from '../../async/aborted.ts';
import { deadline } from '../../async/deadline.ts';
import type { Log } from '../../log/log.ts';
import { InputError } from '../input.ts';
import { type Api, SlackError } from './api.ts';
import { fieldsOf, textOf } from './fields.ts';
import type { Names } from './identity.ts';
import type { Incoming } from './incoming.ts';
import { findChannel } from './find-channel.ts';
import { createMemo } from './memo.ts';
import type { Target } from './target.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

/** Where people can be spoken to who did not speak just now. */
export interface Places {
  /** Whose app is used, as far as that is known by now. Throws an `InputError` (`config`) where it is not clear. */
  check(target: Target): void;
  /** The channel, with the workspace whose token is used. Rejects with a `SlackError`, or an `InputError` as `check` throws. */
  find(target: Target): Promise<Found>;
  /** Somebody said something: so they can be reached through that workspace. */
  heard(incoming: Incoming): void;
}

export interface Found {
  readonly team: string;
  readonly channel: string;
}

export interface PlacesOptions {
  /** How many workspaces there are going to be. */
  readonly count: number;
  /** Resolves when they are known. */
  readonly workspaces: Promise<Workspaces>;
  readonly known: () => Workspaces | undefined;
  readonly names: Names;
  /** Ends what is being looked up. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** How long a name or a conversation is believed to be what it was. */
const keepMs = 600_000;
/** How long to wait for Slack to be there at all. */
const patienceMs = 300_000;
const mostHeard = 10_000;

export function createPlaces(options: PlacesOptions): Places {
  const { count, known, names, signal, log } = options;
  /** The workspace through which a person of another one was heard. */
  const through = new Map<string, string>();
  const channels = createMemo<string>(keepMs);

  const idOf = ({ team, enterprise }: Workspace): string => team ?? enterprise ?? '';

  const teamOf = (target: Target, workspaces: Workspaces): string => {
    const [only] = workspaces.all.length === 1 ? workspaces.all.map(idOf) : [];
    if (target.team === undefined) {
      if (only === undefined) throw unclear();
      return only;
    }
    if (workspaces.find(target.team) !== undefined) return target.team;
    const other = target.kind === 'person' ? (through.get(`${target.team}/${target.user}`) ?? only) : undefined;
    if (other === undefined) throw new InputError('config', `there is no token for the Slack workspace ${target.team}`);
    return other;
  };

  const reached = async (): Promise<Workspaces> => {
    using limit = deadline(signal, patienceMs);
    try {
      return known() ?? (await orAborted(options.workspaces, limit.signal));
    } catch (error) {
      throw new SlackError('unavailable', '', 'Slack was out of reach for too long', { cause: error });
    }
  };

  const open = async (api: Api, user: string): Promise<string> => {
    try {
      const { channel } = await api.call('conversations.open', { users: user }, signal);
      return textOf(fieldsOf(channel)['id']) ?? user;
    } catch (error) {
      if (!(error instanceof SlackError) || error.reason !== 'missing_scope') throw error;
      log.debug('a conversation was not opened: the person is addressed by their id', { user, error });
      // Slack opens one by itself for a message.
      return user;
    }
  };

  return {
    check(target) {
      const there = known();
      if (there !== undefined) teamOf(target, there);
      else if (target.team === undefined && count > 1) throw unclear();
    },
    async find(target) {
      const all = await reached();
      const team = teamOf(target, all);
      const api = all.find(team)?.api;
      if (api === undefined) throw new InputError('config', `there is no token for the Slack workspace ${team}`);
      switch (target.kind) {
        case 'channel':
          return { team, channel: target.channel };
        case 'person':
          return { team, channel: await channels.get(`${team} ${target.user}`, () => open(api, target.user)) };
        case 'name': {
          const { name } = target;
          const look = async (): Promise<string> => (await findChannel(api, name, signal, log)) ?? `#${name}`;
          return { team, channel: names.named(team, name) ?? (await channels.get(`${team} #${name}`, look)) };
        }
        default:
          return target satisfies never;
      }
    },
    heard({ sender, team }) {
      if (sender.startsWith(`${team}/`)) return;
      through.delete(sender);
      through.set(sender, team);
      const [oldest] = through.keys();
      if (through.size > mostHeard && oldest !== undefined) through.delete(oldest);
    },
  };
}

const unclear = (): InputError =>
  new InputError('config', 'there are several Slack workspaces: name the one that is meant, as in T…/#ops');
