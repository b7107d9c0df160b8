import type { Fields } from './fields.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
}

export type ChannelKind = 'channel' | 'group' | 'mpim' | 'im';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly members: Set<string>;
  /** In the order they were posted, as they look now. */
  readonly messages: Shown[];
}

export interface Workspace {
  readonly team: string;
  readonly enterprise: string | undefined;
  /** Installed in the whole organization: one token for all its workspaces. */
  readonly orgWide: boolean;
  readonly token: string;
  readonly botUser: string;
  readonly botId: string;
  readonly scopes: Set<string>;
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
}

export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface ShownFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly content: string;
}

/** A message as a person sees it. */
export interface Shown {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | undefined;
  /** Who said it: a person's id or the bot user's. */
  readonly user: string;
  readonly byBot: boolean;
  /** Set where only this person sees it. */
  readonly to: string | undefined;
  readonly text: string;
  /** With the block ids Slack adds. */
  readonly blocks: readonly Fields[];
  readonly edited: boolean;
  readonly reactions: readonly Reaction[];
  readonly files: readonly ShownFile[];
}

/** One call that showed something. */
export interface Posted {
  /** `chat.postMessage`, …, or `response_url`. */
  readonly method: string;
  readonly team: string;
  readonly channel: string;
  readonly thread: string | undefined;
  readonly to: string | undefined;
  readonly text: string;
  /** As they came. */
  readonly blocks: readonly Fields[];
  readonly ts: string;
  readonly args: Fields;
}

/** One request to the Web API, to a response URL (`response_url`) or with a file (`upload`), also where it was refused. */
export interface ApiCall {
  readonly method: string;
  readonly team: string | undefined;
  /** Without the token. */
  readonly args: Fields;
  readonly contentType: string;
  readonly at: number;
  /** `ok`, or Slack's word for why not. */
  outcome: string;
}

export interface ResponseUrl {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  /** The message whose button was pressed. */
  readonly message: string | undefined;
  readonly until: number;
  uses: number;
}

export interface ShownView {
  readonly id: string;
  readonly team: string;
  readonly user: string;
  readonly hash: string;
  readonly view: Fields;
}

export interface Upload {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  readonly length: number;
  content: Buffer | undefined;
  completed: boolean;
}

/** Everything this Slack knows. */
export interface World {
  readonly appId: string;
  readonly appToken: string;
  readonly workspaces: Map<string, Workspace>;
  readonly posted: Posted[];
  readonly calls: ApiCall[];
  /** When each trigger expires; used ones are gone. */
  readonly triggers: Map<string, { readonly until: number; readonly user: string }>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly views: Map<string, ShownView>;
  /** By `team/user`. */
  readonly homes: Map<string, ShownView>;
  readonly uploads: Map<string, Upload>;
  readonly origin: () => string;
  readonly now: () => number;
  /** Tells whoever listens to the channel, as Slack does for every message. */
  announce: (message: Shown) => void;
}

let count = 0;

/** An id as Slack makes them, another one each time. */
export const newId = (prefix: string): string => {
  count += 1;
  return `${prefix}${(count + 36 ** 7).toString(36).toUpperCase()}`;
};

/** A message's timestamp: seconds and a counter, no two alike and ever growing. */
export const newTs = (now: number): string => {
  count += 1;
  return `${Math.floor(now / 1000)}.${String(count).padStart(6, '0')}`;
};

export const workspaceOf = (world: World, team: string): Workspace => {
  const found = world.workspaces.get(team);
  if (found === undefined) throw new Error(`the fake Slack has no workspace ${team}`);
  return found;
};

export const channelOf = (at: Workspace, id: string): Channel => {
  const found = at.channels.get(id);
  if (found === undefined) throw new Error(`the fake Slack's ${at.team} has no channel ${id}`);
  return found;
};

/** The conversation of the bot and one person, made when there was none. */
export function directOf(at: Workspace, user: string): Channel {
  for (const channel of at.channels.values()) if (channel.kind === 'im' && channel.members.has(user)) return channel;
  const made: Channel = {
    id: newId('D'),
    name: user,
    kind: 'im',
    members: new Set([user, at.botUser]),
    messages: [],
  };
  at.channels.set(made.id, made);
  return made;
}

/** Puts something else in a message's place. */
export function change(channel: Channel, ts: string, by: Partial<Shown>): Shown | undefined {
  const at = channel.messages.findIndex((message) => message.ts === ts);
  const old = channel.messages[at];
  if (old === undefined) return undefined;
  const changed = { ...old, ...by };
  channel.messages[at] = changed;
  return changed;
}
