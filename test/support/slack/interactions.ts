import { messageFields } from './chat.ts';
import type { Parcel } from './courier.ts';
import { type Fields, fieldsOf, isFields } from './fields.ts';
import { newResponseUrl, newTrigger } from './response-url.ts';
import { type Channel, newId, type Shown, type ShownView, type Workspace, type World } from './world.ts';

const person = (at: Workspace, user: string): Fields => {
  const name = at.people.get(user)?.name ?? user.toLowerCase();
  return { id: user, username: name, name, team_id: at.team };
};

/** What all interactions begin with. */
const base = (world: World, at: Workspace, user: string): Fields => ({
  token: 'verification',
  api_app_id: world.appId,
  team: { id: at.team, domain: at.team.toLowerCase() },
  enterprise: at.enterprise === undefined ? null : { id: at.enterprise, name: at.enterprise.toLowerCase() },
  is_enterprise_install: at.orgWide,
  user: person(at, user),
  trigger_id: newTrigger(world, user),
});

const place = (channel: Channel): Fields => ({
  id: channel.id,
  name: channel.kind === 'im' ? 'directmessage' : channel.kind === 'channel' ? channel.name : 'privategroup',
});

export interface Slash {
  readonly command: string;
  readonly text: string;
  readonly user: string;
}

export const slashParcel = (world: World, at: Workspace, channel: Channel, slash: Slash): Parcel => ({
  kind: 'slash_commands',
  body: {
    token: 'verification',
    team_id: at.team,
    team_domain: at.team.toLowerCase(),
    ...(at.enterprise === undefined
      ? {}
      : { enterprise_id: at.enterprise, enterprise_name: at.enterprise.toLowerCase() }),
    channel_id: channel.id,
    channel_name: String(place(channel)['name']),
    user_id: slash.user,
    user_name: at.people.get(slash.user)?.name ?? slash.user.toLowerCase(),
    command: slash.command,
    text: slash.text,
    api_app_id: world.appId,
    is_enterprise_install: String(at.orgWide),
    response_url: newResponseUrl(world, {
      team: at.team,
      channel: channel.id,
      user: slash.user,
      message: undefined,
    }),
    trigger_id: newTrigger(world, slash.user),
  },
});

/** A button of a message is pressed. */
export function pressParcel(
  world: World,
  at: Workspace,
  channel: Channel,
  message: Shown,
  actionId: string,
  user: string,
): Parcel {
  const [block, element] = elementOf(message.blocks, actionId);
  return {
    kind: 'interactive',
    body: {
      type: 'block_actions',
      ...base(world, at, user),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: message.to !== undefined,
        ...(message.thread === undefined ? {} : { thread_ts: message.thread }),
      },
      channel: place(channel),
      // Slack does not send an ephemeral message back.
      ...(message.to === undefined ? { message: messageFields(message, at) } : {}),
      state: { values: {} },
      response_url: newResponseUrl(world, { team: at.team, channel: channel.id, user, message: message.ts }),
      actions: [{ ...actionOf(element), block_id: block['block_id'], action_ts: (world.now() / 1000).toFixed(6) }],
    },
  };
}

/** A button of a view (a modal, the home tab) is pressed. */
export function pressViewParcel(world: World, at: Workspace, shown: ShownView, actionId: string): Parcel {
  const blocks = shown.view['blocks'];
  const [block, element] = elementOf(Array.isArray(blocks) ? blocks.filter(isFields) : [], actionId);
  return {
    kind: 'interactive',
    body: {
      type: 'block_actions',
      ...base(world, at, shown.user),
      container: { type: 'view', view_id: shown.id },
      view: viewFields(world, at, shown),
      actions: [{ ...actionOf(element), block_id: block['block_id'], action_ts: (world.now() / 1000).toFixed(6) }],
    },
  };
}

export const shortcutParcel = (world: World, at: Workspace, callbackId: string, user: string): Parcel => ({
  kind: 'interactive',
  body: {
    type: 'shortcut',
    ...base(world, at, user),
    callback_id: callbackId,
    action_ts: (world.now() / 1000).toFixed(6),
  },
});

export const messageShortcutParcel = (
  world: World,
  at: Workspace,
  channel: Channel,
  message: Shown,
  callbackId: string,
  user: string,
): Parcel => ({
  kind: 'interactive',
  body: {
    type: 'message_action',
    ...base(world, at, user),
    callback_id: callbackId,
    action_ts: (world.now() / 1000).toFixed(6),
    message_ts: message.ts,
    channel: place(channel),
    message: messageFields(message, at),
    response_url: newResponseUrl(world, { team: at.team, channel: channel.id, user, message: undefined }),
  },
});

/** A modal is submitted; `values` by block id, then action id. */
export const submitParcel = (world: World, at: Workspace, shown: ShownView, values: Fields): Parcel => ({
  kind: 'interactive',
  body: {
    type: 'view_submission',
    ...base(world, at, shown.user),
    view: { ...viewFields(world, at, shown), state: { values } },
    response_urls: [],
  },
});

/** A modal is left, by its button or its cross. Nothing can be opened for it, so there is no trigger. */
export function closeParcel(world: World, at: Workspace, shown: ShownView): Parcel {
  const { trigger_id: _, ...rest } = base(world, at, shown.user);
  return {
    kind: 'interactive',
    body: { type: 'view_closed', ...rest, view: viewFields(world, at, shown), is_cleared: false },
  };
}

/** A view as Slack's answers and payloads have it. */
export const viewFields = (world: World, at: Workspace, shown: ShownView): Fields => ({
  id: shown.id,
  team_id: at.team,
  app_id: world.appId,
  app_installed_team_id: at.team,
  bot_id: at.botId,
  root_view_id: shown.id,
  previous_view_id: null,
  callback_id: '',
  private_metadata: '',
  external_id: '',
  clear_on_close: false,
  notify_on_close: false,
  title: null,
  close: null,
  submit: null,
  state: { values: {} },
  hash: shown.hash,
  ...shown.view,
});

/** The block and the element in it that has this action id. */
function elementOf(blocks: readonly Fields[], actionId: string): readonly [block: Fields, element: Fields] {
  for (const block of blocks) {
    const elements = Array.isArray(block['elements']) ? block['elements'] : [];
    for (const element of [...elements, block['accessory'], block['element']].filter(isFields)) {
      if (element['action_id'] === actionId) return [block, element];
    }
  }
  throw new Error(`nothing to press has the action id ${actionId}`);
}

const actionOf = (element: Fields): Fields => ({
  type: element['type'],
  action_id: element['action_id'] ?? newId('a'),
  text: fieldsOf(element['text']),
  ...(element['value'] === undefined ? {} : { value: element['value'] }),
  ...(element['url'] === undefined ? {} : { url: element['url'] }),
});
