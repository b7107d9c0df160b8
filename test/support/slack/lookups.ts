import { someText, textOf } from './fields.ts';
import { type Method, need } from './method.ts';
import { Refusal } from './refusal.ts';
import { type Channel, type ChannelKind, directOf, newId, type Workspace } from './world.ts';

const readScope: Readonly<Record<ChannelKind, string>> = {
  channel: 'channels:read',
  group: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
};

const typeNames: Readonly<Record<ChannelKind, string>> = {
  channel: 'public_channel',
  group: 'private_channel',
  im: 'im',
  mpim: 'mpim',
};

/** Who and where. */
export const lookupMethods: Readonly<Record<string, Method>> = {
  'auth.test': {
    token: 'bot',
    run: (_args, at, world) => ({
      url: `${world.origin()}/`,
      team: at.team.toLowerCase(),
      team_id: at.orgWide ? (at.enterprise ?? at.team) : at.team,
      user: 'micro',
      user_id: at.botUser,
      bot_id: at.botId,
      app_id: world.appId,
      ...(at.enterprise === undefined ? {} : { enterprise_id: at.enterprise }),
      is_enterprise_install: at.orgWide,
    }),
  },
  'users.info': {
    token: 'bot',
    scope: 'users:read',
    required: ['user'],
    optional: ['include_locale'],
    run(args, at) {
      const id = textOf(args['user']);
      const person = at.people.get(id);
      if (person === undefined) throw new Refusal('user_not_found');
      const { name, realName } = person;
      const isBot = id === at.botUser;
      return {
        user: {
          id,
          team_id: at.team,
          name,
          real_name: realName,
          deleted: false,
          is_bot: isBot,
          profile: { real_name: realName, display_name: name },
        },
      };
    },
  },
  'conversations.info': {
    token: 'bot',
    required: ['channel'],
    optional: ['include_locale', 'include_num_members'],
    run(args, at) {
      const channel = at.channels.get(textOf(args['channel']));
      need(at, readScope[channel?.kind ?? 'channel']);
      if (channel === undefined) throw new Refusal('channel_not_found');
      const isMember = channel.members.has(at.botUser);
      if (channel.kind !== 'channel' && !isMember) throw new Refusal('channel_not_found');
      return { channel: channelFields(channel, at) };
    },
  },
  'users.conversations': {
    token: 'bot',
    optional: ['types', 'exclude_archived', 'limit', 'cursor', 'user'],
    run(args, at) {
      if (at.orgWide && args['team_id'] === undefined) throw new Refusal('missing_argument');
      const wanted = new Set((someText(args['types']) ?? 'public_channel').split(','));
      const kinds = (Object.keys(typeNames) as ChannelKind[]).filter((kind) => wanted.has(typeNames[kind]));
      for (const kind of kinds) need(at, readScope[kind]);
      const own = [...at.channels.values()].filter(
        ({ kind, members }) => kinds.includes(kind) && members.has(at.botUser),
      );
      const from = Number(someText(args['cursor']) ?? 0);
      const end = from + Number(args['limit'] ?? 100);
      return {
        channels: own.slice(from, end).map((channel) => channelFields(channel, at)),
        response_metadata: { next_cursor: end < own.length ? String(end) : '' },
      };
    },
  },
  'conversations.open': {
    token: 'bot',
    optional: ['channel', 'users', 'prevent_creation', 'return_im'],
    run(args, at) {
      const users = (someText(args['users']) ?? '').split(',').filter((id) => id !== '');
      const asked = someText(args['channel']);
      need(at, users.length > 1 ? 'mpim:write' : 'im:write');
      if (users.some((id) => !at.people.has(id))) throw new Refusal('user_not_found');
      const [first] = users;
      if (asked === undefined && first === undefined) throw new Refusal('users_list_not_supplied');
      const channel = asked === undefined ? opened(at, users) : at.channels.get(asked);
      if (channel === undefined) throw new Refusal('channel_not_found');
      return { channel: { id: channel.id } };
    },
  },
};

function opened(at: Workspace, users: readonly string[]): Channel {
  const [first = '', ...others] = users;
  if (others.length === 0) return directOf(at, first);
  const made: Channel = {
    id: newId('G'),
    name: `mpdm-${users.join('--')}`,
    kind: 'mpim',
    members: new Set([...users, at.botUser]),
    messages: [],
  };
  at.channels.set(made.id, made);
  return made;
}

const channelFields = (channel: Channel, at: Workspace): Readonly<Record<string, unknown>> => ({
  id: channel.id,
  ...(channel.kind === 'im' ? { user: channel.name } : { name: channel.name }),
  is_channel: channel.kind === 'channel',
  is_group: channel.kind === 'group',
  is_im: channel.kind === 'im',
  is_mpim: channel.kind === 'mpim',
  is_private: channel.kind !== 'channel',
  is_member: channel.members.has(at.botUser),
  context_team_id: at.team,
});
