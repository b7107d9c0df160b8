import type { Courier, Outcome } from './courier.ts';
import { eventParcel, hears, homeEvent, mentionEvent, messageEvent, type Said } from './events.ts';
import { type Fields, someText } from './fields.ts';
import {
  closeParcel,
  messageShortcutParcel,
  pressParcel,
  pressViewParcel,
  shortcutParcel,
  slashParcel,
  submitParcel,
} from './interactions.ts';
import { respond } from './response-url.ts';
import { escape } from './rich-text.ts';
import { applyResponse } from './views.ts';
import {
  type Channel,
  channelOf,
  directOf,
  newTs,
  type Shown,
  type ShownView,
  type Workspace,
  workspaceOf,
  type World,
} from './world.ts';

export interface SayOptions {
  readonly team?: string;
  /** Default: the channel that is there from the start. */
  readonly channel?: string;
  /** Default: the person who is there from the start. */
  readonly user?: string;
  /** As Slack sends it: escaped, with its tokens. */
  readonly text?: string;
  /** As somebody types it; becomes `text`. */
  readonly typed?: string;
  readonly threadTs?: string;
  /** Rich text, in place of what is made from `text`. */
  readonly blocks?: readonly Fields[];
  readonly subtype?: string;
  readonly userTeam?: string;
  /** The channel is shared with another company. */
  readonly isShared?: boolean;
  /** Further fields of the event; they win. */
  readonly more?: Fields;
}

/** How a message reached the app: the event of the message, and that of the mention where there is one. */
export interface SayOutcome extends Outcome {
  readonly ts: string;
  readonly channel: string;
  readonly outcomes: readonly Outcome[];
}

export interface SlashOptions {
  readonly team?: string;
  readonly channel?: string;
  readonly user?: string;
  readonly command: string;
  readonly text?: string;
}

export interface InteractionOutcome extends Outcome {
  /** Undefined where there is none, as in a view. */
  readonly responseUrl: string | undefined;
  readonly triggerId: string;
}

/** What people do. Everything resolves when the app has acknowledged it, or never will. */
export interface People {
  /** Says something; the app hears of it where the bot is a member. A mention of the bot is told as such, too. */
  say(options: SayOptions): Promise<SayOutcome>;
  /** Something a person said that nobody tells the app about. */
  wrote(options: SayOptions): Shown;
  /** Says something to the bot, by name: `<@BOT> text`. */
  mention(options: SayOptions): Promise<SayOutcome>;
  slash(options: SlashOptions): Promise<InteractionOutcome>;
  press(message: Shown, actionId: string, user?: string): Promise<InteractionOutcome>;
  /** A global shortcut, or one on a message. */
  shortcut(
    callbackId: string,
    options?: { user?: string; team?: string; message?: Shown },
  ): Promise<InteractionOutcome>;
  pressInView(view: ShownView, actionId: string): Promise<InteractionOutcome>;
  /** `values` by block id, then action id. */
  submit(view: ShownView, values?: Fields): Promise<InteractionOutcome>;
  /** Leaves a modal. The app hears of it where the view asks for that. */
  close(view: ShownView): Promise<void>;
  openHome(user?: string, team?: string): Promise<Outcome>;
  /** Any event as it is. */
  event(event: Fields, team?: string): Promise<Outcome>;
}

interface Written {
  readonly at: Workspace;
  readonly channel: Channel;
  readonly said: Said;
  readonly message: Shown;
}

export interface Defaults {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
}

export function people(world: World, courier: Courier, defaults: Defaults): People {
  const placeOf = (team = defaults.team, id = defaults.channel): readonly [Workspace, Channel] => {
    const at = workspaceOf(world, team);
    return [at, channelOf(at, id)];
  };

  const write = (options: SayOptions): Written => {
    const [at, channel] = placeOf(options.team, options.channel);
    const said: Said = {
      user: options.user ?? defaults.user,
      text: options.text ?? escape(options.typed ?? ''),
      ts: newTs(world.now()),
      thread: options.threadTs,
      blocks: options.blocks,
      subtype: options.subtype,
      userTeam: options.userTeam,
      more: options.more ?? {},
    };
    const message: Shown = {
      team: at.team,
      channel: channel.id,
      ts: said.ts,
      thread: said.thread,
      user: said.user,
      byBot: false,
      to: undefined,
      text: said.text,
      blocks: [],
      edited: false,
      reactions: [],
      files: [],
    };
    channel.messages.push(message);
    return { at, channel, said, message };
  };

  const say: People['say'] = async (options) => {
    const { at, channel, said } = write(options);
    const { ts } = said;
    const nobody = {
      acknowledged: false,
      payload: undefined,
      ms: 0,
      attempts: 0,
      ts,
      channel: channel.id,
      outcomes: [],
    };
    if (!channel.members.has(at.botUser)) return nobody;
    const parcels = hears(at, channel) ? [eventParcel(world, at, messageEvent(at, channel, said))] : [];
    // In a direct conversation Slack tells of the message alone.
    const isMention = channel.kind !== 'im' && said.text.includes(`<@${at.botUser}`);
    if (isMention && at.scopes.has('app_mentions:read')) {
      parcels.unshift(eventParcel(world, at, mentionEvent(at, channel, said)));
    }
    if (parcels.length === 0) return nobody;
    const shared = options.isShared === true ? { is_ext_shared_channel: true } : {};
    const outcomes = await Promise.all(
      parcels.map((parcel) => courier.send({ ...parcel, body: { ...parcel.body, ...shared } })),
    );
    return {
      acknowledged: outcomes.every(({ acknowledged }) => acknowledged),
      payload: undefined,
      ms: Math.max(...outcomes.map(({ ms }) => ms)),
      attempts: Math.max(...outcomes.map(({ attempts }) => attempts)),
      ts,
      channel: channel.id,
      outcomes,
    };
  };

  const interact = async (parcel: ReturnType<typeof slashParcel>): Promise<InteractionOutcome> => {
    const outcome = await courier.send(parcel);
    const responseUrl = someText(parcel.body['response_url']);
    return { ...outcome, responseUrl, triggerId: String(parcel.body['trigger_id']) };
  };

  return {
    say,
    wrote: (options) => write(options).message,
    mention: ({ text, typed, ...options }) => {
      const at = workspaceOf(world, options.team ?? defaults.team);
      return say({ ...options, text: `<@${at.botUser}> ${text ?? escape(typed ?? '')}` });
    },
    async slash({ team, channel: id, user = defaults.user, command, text = '' }) {
      const [at, channel] = placeOf(team, id);
      const outcome = await interact(slashParcel(world, at, channel, { command, text, user }));
      // What comes with the acknowledgement is shown as if it had been posted to the response URL.
      const { payload, responseUrl } = outcome;
      if (payload !== undefined && responseUrl !== undefined && ('text' in payload || 'blocks' in payload)) {
        respond(world, responseUrl.split('/').at(-1) ?? '', payload);
      }
      return outcome;
    },
    press(message, actionId, user = defaults.user) {
      const [at, channel] = placeOf(message.team, message.channel);
      return interact(pressParcel(world, at, channel, message, actionId, user));
    },
    pressInView: (view, actionId) => interact(pressViewParcel(world, workspaceOf(world, view.team), view, actionId)),
    shortcut(callbackId, { user = defaults.user, team = defaults.team, message } = {}) {
      if (message === undefined) return interact(shortcutParcel(world, workspaceOf(world, team), callbackId, user));
      const [at, channel] = placeOf(message.team, message.channel);
      return interact(messageShortcutParcel(world, at, channel, message, callbackId, user));
    },
    async submit(view, values = {}) {
      const outcome = await interact(submitParcel(world, workspaceOf(world, view.team), view, values));
      if (outcome.acknowledged) applyResponse(world, view, outcome.payload);
      return outcome;
    },
    async close(view) {
      world.views.delete(view.id);
      if (view.view['notify_on_close'] !== true) return;
      await courier.send(closeParcel(world, workspaceOf(world, view.team), view));
    },
    openHome(user = defaults.user, team = defaults.team) {
      const at = workspaceOf(world, team);
      const view = world.homes.get(`${team}/${user}`)?.view;
      return courier.send(eventParcel(world, at, homeEvent(world, user, directOf(at, user), view)));
    },
    event: (event, team = defaults.team) => courier.send(eventParcel(world, workspaceOf(world, team), event)),
  };
}
