import { lengthOf } from './block-checks.ts';
import { checkBlocks } from './blocks.ts';
import { contentOf, longestEdit, withIds } from './content.ts';
import { type Fields, someText, textOf } from './fields.ts';
import type { BotMethod, Method } from './method.ts';
import { Refusal } from './refusal.ts';
import { type Channel, change, directOf, newTs, type Shown, type Workspace, type World } from './world.ts';

/** How often a channel takes a message. Throws when this is too often. */
export type Pace = (channel: string) => void;

const shown = ['text', 'blocks', 'attachments', 'markdown_text', 'link_names', 'parse', 'as_user', 'metadata'];
const author = ['icon_emoji', 'icon_url', 'username'];

export const chatMethods = (pace: Pace): Readonly<Record<string, Method>> => ({
  'chat.postMessage': {
    token: 'bot',
    scope: 'chat:write',
    required: ['channel'],
    optional: [...shown, ...author, 'mrkdwn', 'thread_ts', 'reply_broadcast', 'unfurl_links', 'unfurl_media'],
    run(args, at, world) {
      const channel = conversation(at, textOf(args['channel']));
      mayPost(channel, at);
      const content = contentOf(args, checkBlocks);
      const thread = threadOf(channel, args);
      pace(`${at.team}/${channel.id}`);
      const message = show(world, at, channel, { ...content, thread });
      world.posted.push({
        method: 'chat.postMessage',
        team: at.team,
        channel: channel.id,
        thread,
        to: undefined,
        ...content,
        ts: message.ts,
        args,
      });
      world.announce(message);
      return { channel: channel.id, ts: message.ts, message: messageFields(message, at) };
    },
  },
  'chat.postEphemeral': {
    token: 'bot',
    scope: 'chat:write',
    required: ['channel', 'user'],
    optional: [...shown, ...author, 'thread_ts'],
    run(args, at, world) {
      const channel = conversation(at, textOf(args['channel']));
      const user = textOf(args['user']);
      if (channel.kind !== 'channel' || !channel.members.has(at.botUser)) mayPost(channel, at);
      if (!channel.members.has(user)) throw new Refusal('user_not_in_channel');
      const content = contentOf(args, checkBlocks);
      const thread = threadOf(channel, args);
      const message = show(world, at, channel, { ...content, thread, to: user });
      world.posted.push({
        method: 'chat.postEphemeral',
        team: at.team,
        channel: channel.id,
        thread,
        to: user,
        ...content,
        ts: message.ts,
        args,
      });
      return { message_ts: message.ts };
    },
  },
  'chat.update': update,
  'chat.delete': {
    token: 'bot',
    scope: 'chat:write',
    required: ['channel', 'ts'],
    optional: ['as_user'],
    run(args, at) {
      const channel = conversation(at, textOf(args['channel']));
      const ts = textOf(args['ts']);
      const index = channel.messages.findIndex((message) => message.ts === ts);
      const message = channel.messages[index];
      if (message === undefined || message.to !== undefined) throw new Refusal('message_not_found');
      if (message.user !== at.botUser) throw new Refusal('cant_delete_message');
      channel.messages.splice(index, 1);
      return { channel: channel.id, ts };
    },
  },
});

const update: BotMethod = {
  token: 'bot',
  scope: 'chat:write',
  required: ['channel', 'ts'],
  optional: [...shown, 'reply_broadcast', 'file_ids', 'unfurl_links', 'unfurl_media'],
  run(args, at, world) {
    const channel = conversation(at, textOf(args['channel']));
    const ts = textOf(args['ts']);
    const old = channel.messages.find((message) => message.ts === ts);
    // Slack does not know an ephemeral message any more once it is shown.
    if (old === undefined || old.to !== undefined) throw new Refusal('message_not_found');
    if (old.user !== at.botUser) throw new Refusal('cant_update_message');
    if (lengthOf(textOf(args['text'])) > longestEdit) throw new Refusal('msg_too_long');
    const content = contentOf(args, checkBlocks);
    const message = change(channel, ts, { text: content.text, blocks: withIds(content.blocks), edited: true });
    if (message === undefined) throw new Refusal('message_not_found');
    world.posted.push({
      method: 'chat.update',
      team: at.team,
      channel: channel.id,
      thread: old.thread,
      to: undefined,
      ...content,
      ts,
      args,
    });
    return { channel: channel.id, ts, text: content.text, message: messageFields(message, at) };
  },
};

/** A conversation by its id or name, or by the person in it. Throws what Slack says when there is none. */
export function conversation(at: Workspace, name: string): Channel {
  const found = at.channels.get(name);
  if (found !== undefined) return found;
  if (at.people.has(name)) return directOf(at, name);
  const bare = name.replace(/^#/, '');
  for (const channel of at.channels.values()) {
    if (channel.name === bare && channel.kind !== 'im') return channel;
  }
  throw new Refusal('channel_not_found');
}

/** Private conversations are not there for whom they are not open to. */
export function mayPost(channel: Channel, at: Workspace): void {
  if (channel.members.has(at.botUser)) return;
  if (channel.kind !== 'channel') throw new Refusal('channel_not_found');
  if (!at.scopes.has('chat:write.public')) throw new Refusal('not_in_channel');
}

function threadOf(channel: Channel, args: Fields): string | undefined {
  const thread = someText(args['thread_ts']);
  if (thread === undefined) return undefined;
  const parent = channel.messages.find((message) => message.ts === thread);
  if (parent === undefined) throw new Refusal('thread_not_found');
  return parent.thread ?? thread;
}

export interface Showing {
  readonly text: string;
  readonly blocks: readonly Fields[];
  readonly thread?: string | undefined;
  readonly to?: string | undefined;
}

/** The bot's message in a channel. */
export function show(world: World, at: Workspace, channel: Channel, content: Showing): Shown {
  const message: Shown = {
    team: at.team,
    channel: channel.id,
    ts: newTs(world.now()),
    thread: content.thread,
    user: at.botUser,
    byBot: true,
    to: content.to,
    text: content.text,
    blocks: withIds(content.blocks),
    edited: false,
    reactions: [],
    files: [],
  };
  channel.messages.push(message);
  return message;
}

/** The message as Slack's answers and events have it. */
export const messageFields = (message: Shown, at: Workspace): Fields => ({
  type: 'message',
  user: message.user,
  ts: message.ts,
  text: message.text,
  team: message.team,
  ...(message.byBot && message.user === at.botUser ? { bot_id: at.botId } : {}),
  ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
  ...(message.thread === undefined ? {} : { thread_ts: message.thread }),
});
