import { type Fields, isFields, listOf, textOf } from './fields.ts';

/** A message as it was posted: `text`, `blocks` and the arguments beside them. */
export interface Postable {
  readonly text?: string;
  readonly blocks?: unknown;
  readonly args?: Fields;
}

/** What of it is ours and may be alive. */
export interface Ours {
  /** People the message mentions. */
  readonly users?: readonly string[];
  /** Addresses it links to. */
  readonly urls?: readonly string[];
  readonly emoji?: readonly string[];
}

/**
 * Everything in a message that Slack would make alive and that isn't declared as ours, in words: mentions, broadcasts, links, emoji, broken
 * fences, previews of links. Empty when the message only says something.
 */
export function liveMarkup(message: Postable, ours: Ours = {}): readonly string[] {
  const found: string[] = [];
  const note = (what: string): void => void found.push(what);
  if (message.text !== undefined) mrkdwn(message.text, 'text', ours, note);
  const blocks = listOf(message.blocks ?? []);
  // Where there are blocks, nobody sees the text but in a notification.
  if (message.text !== undefined && blocks?.length === 0) bareLinks(message.text, 'text', ours, note);
  if (blocks === undefined) note('blocks: no list of objects');
  for (const [index, block] of (blocks ?? []).entries()) walk(block, `blocks/${index}`, ours, note);
  const { args } = message;
  if (args !== undefined) {
    // A message is taken apart for previews unless it says no.
    for (const name of ['unfurl_links', 'unfurl_media']) {
      if (args[name] !== false && args[name] !== 'false') note(`${name} is not false`);
    }
    for (const name of ['link_names', 'parse']) if (args[name] !== undefined) note(`${name} is set`);
    if (args['markdown_text'] !== undefined) note('markdown_text is markup');
    const attachments = listOf(args['attachments'] ?? []) ?? [];
    for (const [index, attachment] of attachments.entries())
      walkAttachment(attachment, `attachments/${index}`, ours, note);
  }
  return found;
}

type Note = (what: string) => void;

/** Inside `<…>` Slack sees a person, a channel, a broadcast or date, or an address; nothing escapes there but `&lt;`. */
const token = /<([^<>]*)>/g;
/** Addresses and names that Slack finds without brackets. */
const bare = /(?:https?|ftp|slack|tel|mailto):[^\s|<>]+|\bwww\.[^\s<>]+/gi;

function mrkdwn(text: string, path: string, ours: Ours, note: Note): void {
  for (const [whole, inside = ''] of text.matchAll(token)) {
    if (isOurs(inside, ours)) continue;
    if (/^[@#!]/.test(inside)) note(`${path}: ${whole}`);
    else if (/^[a-z][a-z0-9+.-]*:/i.test(inside) || /^www\./i.test(inside)) note(`${path}: link ${whole}`);
    else note(`${path}: unescaped ${whole}`);
  }
  const rest = text.replaceAll(token, '');
  if (/[<>]/.test(rest)) note(`${path}: unescaped < or >`);
  if (/&(?!amp;|lt;|gt;)/.test(text)) note(`${path}: unescaped &`);
  if ((text.match(/```/g)?.length ?? 0) % 2 === 1) note(`${path}: a fence without its end`);
}

/** Where Slack is told to look for names and addresses in plain sight. */
function bareLinks(text: string, path: string, ours: Ours, note: Note): void {
  for (const [address] of text.matchAll(bare)) if (ours.urls?.includes(address) !== true) note(`${path}: ${address}`);
}

const isOurs = (inside: string, { users = [], urls = [] }: Ours): boolean => {
  const user = /^@([A-Z0-9]+)$/.exec(inside)?.[1];
  return user === undefined ? urls.includes(inside.split('|')[0] ?? '') : users.includes(user);
};

function walk(value: unknown, path: string, ours: Ours, note: Note): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${path}/${index}`, ours, note);
    return;
  }
  if (!isFields(value)) return;
  const text = value['text'];
  switch (value['type']) {
    case 'mrkdwn':
      if (typeof text === 'string') {
        mrkdwn(text, path, ours, note);
        if (value['verbatim'] !== true) bareLinks(text, path, ours, note);
      }
      return;
    case 'markdown':
      note(`${path}: a markdown block is markup`);
      return;
    case 'plain_text':
      // Slack shows `:name:` as a picture unless it is told not to.
      if (value['emoji'] !== false && typeof text === 'string' && /:[a-z0-9_+'-]+:/.test(text)) {
        note(`${path}: emoji in ${JSON.stringify(text.slice(0, 80))}`);
      }
      return;
    case 'user':
      if (ours.users?.includes(String(value['user_id'])) !== true) note(`${path}: user ${String(value['user_id'])}`);
      break;
    case 'emoji':
      if (ours.emoji?.includes(String(value['name'])) !== true) note(`${path}: emoji ${String(value['name'])}`);
      break;
    case 'usergroup':
    case 'broadcast':
    case 'channel':
    case 'team':
    case 'date':
      note(`${path}: ${value['type']}`);
      break;
    default:
      break;
  }
  addresses(value, path, ours, note);
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'object') walk(item, `${path}/${key}`, ours, note);
  }
}

/** Every field that holds an address. */
function addresses(value: Fields, path: string, { urls = [] }: Ours, note: Note): void {
  for (const [key, item] of Object.entries(value)) {
    if (/(^|_)(url|link)$/.test(key) && typeof item === 'string' && !urls.includes(item))
      note(`${path}/${key}: ${item}`);
  }
}

function walkAttachment(attachment: Fields, path: string, ours: Ours, note: Note): void {
  for (const key of ['text', 'pretext', 'title', 'fallback', 'footer']) {
    const text = attachment[key];
    if (typeof text === 'string') mrkdwn(text, `${path}/${key}`, ours, note);
  }
  addresses(attachment, path, ours, note);
  walk(attachment['blocks'], `${path}/blocks`, ours, note);
  for (const field of listOf(attachment['fields'] ?? []) ?? []) {
    mrkdwn(textOf(field['value']), `${path}/fields`, ours, note);
  }
}
