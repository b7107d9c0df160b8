import type { Own } from '../../../../src/inputs/slack/read/own.ts';
import { readDelivery } from '../../../../src/inputs/slack/read/read.ts';
import type { Seen } from '../../../../src/inputs/slack/read/seen.ts';
import type { Delivery } from '../../../../src/inputs/slack/source.ts';

export type Payload = Readonly<Record<string, unknown>>;

export const own: Own = { name: 'micro', users: new Set(['UBOT']) };

export const see = (kind: Delivery['kind'], body: Payload): Seen | undefined => readDelivery({ kind, body }, own);

/** What was said; undefined for anything else. */
export const said = (
  kind: Delivery['kind'],
  body: Payload,
): Extract<Seen, { kind: 'said' }>['incoming'] | undefined => {
  const seen = see(kind, body);
  return seen?.kind === 'said' ? seen.incoming : undefined;
};

/** An event as the Events API sends it, to the workspace `T1`. */
export const event = (inner: Payload, more: Payload = {}): Payload => ({
  token: 'verification',
  team_id: 'T1',
  context_team_id: 'T1',
  context_enterprise_id: null,
  api_app_id: 'A1',
  type: 'event_callback',
  event_id: 'Ev1',
  event_time: 1_700_000_000,
  authorizations: [{ enterprise_id: null, team_id: 'T1', user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: false,
  event: inner,
  ...more,
});

export const message = (more: Payload = {}): Payload => ({
  type: 'message',
  client_msg_id: '0f2c',
  text: 'micro list services',
  user: 'U1',
  team: 'T1',
  ts: '1700000000.000100',
  channel: 'C1',
  channel_type: 'channel',
  event_ts: '1700000000.000100',
  ...more,
});

export const slash = (more: Payload = {}): Payload => ({
  token: 'verification',
  command: '/micro',
  text: 'list services',
  response_url: 'https://hooks.slack.com/commands/T1/1/x',
  trigger_id: '13.37.abc',
  user_id: 'U1',
  user_name: 'anna',
  team_id: 'T1',
  team_domain: 'acme',
  channel_id: 'C1',
  channel_name: 'general',
  api_app_id: 'A1',
  is_enterprise_install: 'false',
  ...more,
});

/** What is the same in all interactions. */
const person: Payload = {
  token: 'verification',
  team: { id: 'T1', domain: 'acme' },
  enterprise: null,
  is_enterprise_install: false,
  user: { id: 'U1', username: 'anna', name: 'anna', team_id: 'T1' },
  api_app_id: 'A1',
  trigger_id: '13.37.abc',
};

export const press = (action: Payload, more: Payload = {}): Payload => ({
  ...person,
  type: 'block_actions',
  container: { type: 'message', message_ts: '1700000000.000200', channel_id: 'C1', is_ephemeral: false },
  channel: { id: 'C1', name: 'general' },
  message: { type: 'message', user: 'UBOT', bot_id: 'B1', ts: '1700000000.000200', text: 'answer' },
  state: { values: {} },
  response_url: 'https://hooks.slack.com/actions/T1/1/x',
  actions: [
    { type: 'button', block_id: 'b', action_ts: '1700000001.1', text: { type: 'plain_text', text: 'x' }, ...action },
  ],
  ...more,
});

export const shortcut = (more: Payload = {}): Payload => ({
  ...person,
  type: 'shortcut',
  callback_id: 'micro:run',
  action_ts: '1700000001.1',
  ...more,
});

export const messageShortcut = (more: Payload = {}): Payload => ({
  ...person,
  type: 'message_action',
  callback_id: 'micro:run-message',
  action_ts: '1700000001.1',
  message_ts: '1700000000.000300',
  channel: { id: 'C1', name: 'general' },
  message: { type: 'message', user: 'U2', ts: '1700000000.000300', text: 'micro get <http://go.micro.sh|go.micro.sh>' },
  response_url: 'https://hooks.slack.com/app/T1/1/x',
  ...more,
});

export const submission = (line: unknown, more: Payload = {}): Payload => ({
  ...person,
  type: 'view_submission',
  view: {
    id: 'V1',
    type: 'modal',
    callback_id: 'micro:run',
    state: { values: { 'micro:line': { 'micro:line': { type: 'plain_text_input', value: line } } } },
  },
  response_urls: [],
  ...more,
});
