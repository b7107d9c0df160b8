import { runShortcut } from '../controls.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../fields.ts';
import type { Incoming } from '../incoming.ts';
import type { Actor } from './actor.ts';
import { isDirect } from './place.ts';
import type { Seen } from './seen.ts';

/** Where a form has the line, and where it has the channel to answer in: names of its blocks, and of what is in them. */
const lineField = 'micro:line';
const channelField = 'micro:channel';

/** The form in which a command is written, as `views.open` takes it. */
export const runForm = (line: string): Fields => ({
  type: 'modal',
  callback_id: runShortcut,
  title: words('Run a command'),
  submit: words('Run'),
  close: words('Cancel'),
  blocks: [
    {
      type: 'input',
      block_id: lineField,
      label: words('Command'),
      element: {
        type: 'plain_text_input',
        action_id: lineField,
        placeholder: words('help'),
        // Slack's own limit.
        max_length: 3_000,
        multiline: true,
        ...(line === '' ? {} : { initial_value: line.slice(0, 3_000) }),
      },
    },
    {
      type: 'input',
      block_id: channelField,
      label: words('Answer in'),
      optional: true,
      element: {
        type: 'conversations_select',
        action_id: channelField,
        default_to_current_conversation: true,
        response_url_enabled: true,
      },
    },
  ],
});

const words = (text: string): Fields => ({ type: 'plain_text', text, emoji: false });

/** Reads the form that came back. Without a channel the answer goes to our conversation with the person. */
export function readSubmission(body: Fields, { team, user, sender, trigger }: Actor): Seen | undefined {
  const { id, callback_id, state } = fieldsOf(body['view']);
  const form = textOf(id);
  if (callback_id !== runShortcut || form === undefined) return undefined;
  const line = fieldsOf(fieldsOf(fieldsOf(fieldsOf(state)['values'])[lineField])[lineField])['value'];
  const [first] = listOf(body['response_urls']);
  const answer = fieldsOf(first);
  const channel = textOf(answer['channel_id']);
  const incoming: Incoming = {
    keys: [`action:${trigger}`, `view:${form}`],
    team,
    channel: channel ?? user,
    sender,
    user,
    text: (textOf(line) ?? '').trim(),
    direct: channel === undefined || isDirect(channel),
    addressed: true,
    thread: undefined,
    ts: undefined,
    responseUrl: textOf(answer['response_url']),
  };
  return { kind: 'said', keys: incoming.keys, incoming };
}
