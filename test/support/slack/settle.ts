import { type Channel, type ChannelKind, newId, type Workspace, workspaceOf, type World } from './world.ts';

export interface WorkspaceOptions {
  readonly team?: string;
  readonly enterprise?: string;
  /** One token for all workspaces of the enterprise: give the same to each. */
  readonly orgWide?: boolean;
  readonly token?: string;
  readonly botUser?: string;
  readonly botId?: string;
  readonly scopes?: readonly string[];
}

export interface ChannelOptions {
  readonly team?: string;
  readonly id?: string;
  readonly name?: string;
  readonly kind?: ChannelKind;
  /** People in it. Default: all of the workspace. */
  readonly members?: readonly string[];
  /** Whether the bot is in it. Default true. */
  readonly bot?: boolean;
}

export interface PersonOptions {
  readonly team?: string;
  readonly id?: string;
  readonly name?: string;
}

/** Where people settle. Each but the workspace itself gives the id of what it made. */
export interface Settlers {
  addWorkspace(options?: WorkspaceOptions): Workspace;
  addChannel(options?: ChannelOptions): string;
  addUser(options?: PersonOptions): string;
}

const allScopes: readonly string[] = [
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'mpim:write',
  'reactions:write',
  'team:read',
  'users:read',
];

/** `home` names the workspace that is meant where none is named. */
export function settlers(world: World, home: () => string): Settlers {
  return {
    addWorkspace(given = {}) {
      const botUser = given.botUser ?? newId('U');
      const at: Workspace = {
        team: given.team ?? newId('T'),
        enterprise: given.enterprise,
        orgWide: given.orgWide ?? false,
        token: given.token ?? `xoxb-${newId('')}-${newId('')}`,
        botUser,
        botId: given.botId ?? newId('B'),
        scopes: new Set(given.scopes ?? allScopes),
        people: new Map([[botUser, { id: botUser, name: 'micro', realName: 'micro' }]]),
        channels: new Map(),
      };
      world.workspaces.set(at.team, at);
      return at;
    },
    addChannel(given = {}) {
      const at = workspaceOf(world, given.team ?? home());
      const { kind = 'channel' } = given;
      const id = given.id ?? newId(prefix[kind]);
      const members = new Set(given.members ?? [...at.people.keys()].filter((person) => person !== at.botUser));
      if (given.bot ?? true) members.add(at.botUser);
      const made: Channel = { id, name: given.name ?? id.toLowerCase(), kind, members, messages: [] };
      at.channels.set(id, made);
      return id;
    },
    addUser({ team = home(), id = newId('U'), name = id.toLowerCase() } = {}) {
      workspaceOf(world, team).people.set(id, { id, name, realName: name });
      return id;
    },
  };
}

const prefix: Readonly<Record<ChannelKind, string>> = { channel: 'C', group: 'G', mpim: 'G', im: 'D' };
