import { randomUUID } from 'node:crypto';
import type { Fields } from './fields.ts';
import { richText } from './rich-text.ts';
import type { Parcel } from './courier.ts';
import { newId, type Channel, type ChannelKind, type Shown, type Workspace, type World } from './world.ts';

/** An Events API body around an event. */
export const eventParcel = (world: World, at: Workspace, event: Fields): Parcel => ({
  kind: 'events_api',
  body: {
    token: 'verification',
    team_id: at.team,
    context_team_id: at.team,
    context_enterprise_id: at.enterprise ?? null,
    ...(at.enterprise === undefined ? {} : { enterprise_id: at.enterprise }),
    api_app_id: world.appId,
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(world.now() / 1000),
    authorizations: [
      {
        enterprise_id: at.enterprise ?? null,
        team_id: at.orgWide ? null : at.team,
        user_id: at.botUser,
        is_bot: true,
        is_enterprise_install: at.orgWide,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${newId('c')}`,
  },
});

const historyScope: Readonly<Record<ChannelKind, string>> = {
  channel: 'channels:history',
  group: 'groups:history',
  im: 'im:history',
  mpim: 'mpim:history',
};

/** Whether Slack tells the bot of every message in a channel; of mentions it does with another scope. */
export const hears = (at: Workspace, channel: Channel): boolean => at.scopes.has(historyScope[channel.kind]);

/** What a person's message has beside its text. */
export interface Said {
  readonly user: string;
  readonly text: string;
  readonly ts: string;
  readonly thread: string | undefined;
  readonly blocks: readonly Fields[] | undefined;
  readonly subtype: string | undefined;
  /** Slack Connect: the workspace of a person from elsewhere. */
  readonly userTeam: string | undefined;
  readonly more: Fields;
}

/** A person's message as an event. */
export const messageEvent = (at: Workspace, channel: Channel, said: Said): Fields => ({
  type: 'message',
  ...(said.subtype === undefined ? {} : { subtype: said.subtype }),
  user: said.user,
  ts: said.ts,
  client_msg_id: randomUUID(),
  text: said.text,
  team: said.userTeam ?? at.team,
  ...(said.userTeam === undefined ? {} : { user_team: said.userTeam, source_team: said.userTeam }),
  ...(said.thread === undefined ? {} : { thread_ts: said.thread }),
  blocks: said.blocks ?? richText(said.text),
  channel: channel.id,
  event_ts: said.ts,
  channel_type: channel.kind,
  ...said.more,
});

/** The same message, because the bot is mentioned in it. Slack leaves the kind of channel out. */
export const mentionEvent = (at: Workspace, channel: Channel, said: Said): Fields => {
  const { channel_type: _, subtype: _subtype, ...event } = messageEvent(at, channel, said);
  return { ...event, type: 'app_mention' };
};

/** What the bot said comes back to it. */
export const ownEvent = (world: World, at: Workspace, channel: Channel, message: Shown): Fields => ({
  type: 'message',
  user: at.botUser,
  ts: message.ts,
  bot_id: at.botId,
  app_id: world.appId,
  text: message.text,
  team: at.team,
  bot_profile: { id: at.botId, app_id: world.appId, team_id: at.team, name: 'micro', deleted: false },
  ...(message.thread === undefined ? {} : { thread_ts: message.thread }),
  blocks: message.blocks,
  channel: channel.id,
  event_ts: message.ts,
  channel_type: channel.kind,
});

export const homeEvent = (world: World, user: string, channel: Channel, view: Fields | undefined): Fields => ({
  type: 'app_home_opened',
  user,
  channel: channel.id,
  tab: 'home',
  event_ts: (world.now() / 1000).toFixed(6),
  ...(view === undefined ? {} : { view }),
});
