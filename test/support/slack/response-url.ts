import { checkBlocks } from './blocks.ts';
import { show } from './chat.ts';
import { contentOf, withIds } from './content.ts';
import { type Fields, someText, textOf, truth } from './fields.ts';
import { checkArguments, type Method } from './method.ts';
import { Refusal } from './refusal.ts';
import { change, channelOf, newId, type ResponseUrl, workspaceOf, type World } from './world.ts';

const mostUses = 5;
const livesMs = 30 * 60_000;

/** What may stand in it. */
const shape: Method = {
  token: 'none',
  optional: [
    'text',
    'blocks',
    'attachments',
    'response_type',
    'replace_original',
    'delete_original',
    'thread_ts',
    'mrkdwn',
    'unfurl_links',
    'unfurl_media',
    'metadata',
    'link_names',
    'parse',
    'icon_emoji',
    'icon_url',
    'username',
    'as_user',
  ],
  run: () => ({}),
};

/** A new place to answer to, five times within half an hour. */
export function newResponseUrl(world: World, about: Omit<ResponseUrl, 'until' | 'uses'>): string {
  const key = newId('R');
  world.responseUrls.set(key, { ...about, until: world.now() + livesMs, uses: 0 });
  return `${world.origin()}/respond/${about.team}/${key}`;
}

/** Takes one answer. Throws what Slack says when it is one too many or too late; posts also where the bot is no member. */
export function respond(world: World, key: string, args: Fields): void {
  const url = world.responseUrls.get(key);
  if (url === undefined) throw new Refusal('invalid_url', {}, 404);
  if (world.now() > url.until) throw new Refusal('expired_url', {}, 404);
  if (url.uses >= mostUses) throw new Refusal('used_url', {}, 404);
  checkArguments(shape, args);
  url.uses += 1;
  const at = workspaceOf(world, url.team);
  const channel = channelOf(at, url.channel);
  if (truth(args['delete_original']) === true) {
    const index = channel.messages.findIndex(({ ts }) => ts === url.message);
    if (index >= 0) channel.messages.splice(index, 1);
    return;
  }
  const content = contentOf(args, checkBlocks);
  const original = channel.messages.find(({ ts }) => ts === url.message);
  const replaces = truth(args['replace_original']) === true && original !== undefined;
  const to = args['response_type'] === 'in_channel' ? undefined : url.user;
  const thread = someText(args['thread_ts']);
  const message = replaces
    ? change(channel, original.ts, { text: content.text, blocks: withIds(content.blocks), edited: true })
    : show(world, at, channel, { ...content, thread, to });
  if (message === undefined) throw new Refusal('message_not_found', {}, 404);
  world.posted.push({
    method: 'response_url',
    team: at.team,
    channel: channel.id,
    thread: message.thread,
    to: message.to,
    ...content,
    ts: message.ts,
    args,
  });
  if (!replaces && to === undefined) world.announce(message);
}

/** A modal is opened by who holds one, within three seconds and once. */
export function newTrigger(world: World, user: string): string {
  const id = `${Math.floor(world.now() / 1000)}.${newId('')}.${newId('x').toLowerCase()}`;
  world.triggers.set(id, { until: world.now() + 3_000, user });
  return id;
}

/** Takes it: the person who made it. Throws what Slack says when it is too late or was taken. */
export function takeTrigger(world: World, id: unknown): string {
  const found = world.triggers.get(textOf(id));
  if (found === undefined) throw new Refusal('exchanged_trigger_id');
  world.triggers.delete(textOf(id));
  if (world.now() > found.until) throw new Refusal('expired_trigger_id');
  return found.user;
}
