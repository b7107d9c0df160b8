import { conversation } from './chat.ts';
import { type Fields, textOf } from './fields.ts';
import type { Method } from './method.ts';
import { Refusal } from './refusal.ts';
import { type Channel, change, type Shown, type Workspace } from './world.ts';

/** Reactions of the bot, on messages. */
export const reactionMethods: Readonly<Record<string, Method>> = {
  'reactions.add': {
    token: 'bot',
    scope: 'reactions:write',
    required: ['channel', 'timestamp', 'name'],
    run(args, at) {
      const [channel, message, name] = target(args, at);
      const old = message.reactions.find((reaction) => reaction.name === name);
      if (old?.users.includes(at.botUser) === true) throw new Refusal('already_reacted');
      const others = message.reactions.filter((reaction) => reaction !== old);
      const reactions = [...others, { name, users: [...(old?.users ?? []), at.botUser] }];
      change(channel, message.ts, { reactions });
      return {};
    },
  },
  'reactions.remove': {
    token: 'bot',
    scope: 'reactions:write',
    required: ['name'],
    optional: ['channel', 'timestamp', 'file', 'file_comment'],
    run(args, at) {
      const [channel, message, name] = target(args, at);
      const old = message.reactions.find((reaction) => reaction.name === name);
      if (old?.users.includes(at.botUser) !== true) throw new Refusal('no_reaction');
      const users = old.users.filter((user) => user !== at.botUser);
      const others = message.reactions.filter((reaction) => reaction !== old);
      change(channel, message.ts, { reactions: users.length === 0 ? others : [...others, { name, users }] });
      return {};
    },
  },
};

function target(args: Fields, at: Workspace): readonly [Channel, Shown, name: string] {
  const name = textOf(args['name']);
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new Refusal('invalid_name');
  const channel = conversation(at, textOf(args['channel']));
  if (channel.kind !== 'channel' && !channel.members.has(at.botUser)) throw new Refusal('channel_not_found');
  if (!channel.members.has(at.botUser)) throw new Refusal('not_in_channel');
  const message = channel.messages.find(({ ts, to }) => ts === args['timestamp'] && to === undefined);
  if (message === undefined) throw new Refusal('message_not_found');
  return [channel, message, name];
}
