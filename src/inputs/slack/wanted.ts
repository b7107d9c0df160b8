import type { Fields } from './fields.ts';
import type { Own } from './read/own.ts';

/**
 * Whether the body of an event may be meant for the bot, and is by a person: a cheap look before anything of it is read or remembered,
 * since all talk of all channels passes here. What it lets through may still be no command; what it refuses is none.
 */
export function isWanted(body: Fields, names: Own): boolean {
  const event = body['event'];
  if (body['type'] !== 'event_callback' || !isFields(event)) return false;
  switch (event['type']) {
    case 'message':
      return isSaid(event, names.users) && (isDirect(event) || calls(event['text'], names));
    case 'app_mention':
      return isSaid(event, names.users);
    case 'app_home_opened':
      return isPerson(event['user'], names.users);
    default:
      return false;
  }
}

/** New words of a person: no edit, no notice of Slack's, nothing that a program wrote. */
function isSaid(event: Fields, ours: ReadonlySet<string>): boolean {
  switch (event['subtype']) {
    case undefined:
    case null:
    case 'file_share':
    case 'thread_broadcast':
    case 'me_message':
      break;
    default:
      return false;
  }
  if (isSet(event['bot_id']) || isSet(event['app_id']) || isSet(event['bot_profile'])) return false;
  return event['hidden'] !== true && !isSet(event['edited']) && isPerson(event['user'], ours);
}

const isPerson = (user: unknown, ours: ReadonlySet<string>): boolean =>
  typeof user === 'string' && user !== '' && user !== 'USLACKBOT' && !ours.has(user);

function isDirect(event: Fields): boolean {
  const channel = event['channel'];
  return event['channel_type'] === 'im' || (typeof channel === 'string' && channel.startsWith('D'));
}

const calls = (text: unknown, { name, users }: Own): boolean =>
  typeof text === 'string' && (begins(text, name) || mentions(text, users));

/** `micro …`, `@Micro: …`, `*micro* …` or `/…`. */
function begins(text: string, name: string): boolean {
  let at = 0;
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
  if (text[at] === '/') return true;
  if (text[at] === '@') at += 1;
  const end = at + name.length;
  if (name === '' || end > text.length || text.slice(at, end).toLowerCase() !== name.toLowerCase()) return false;
  const next = text.slice(end, end + 2);
  return !/^[\p{L}\p{M}\p{N}-]/u.test(next);
}

/** Spaces, those without width among them, and the marks that Slack's editor puts around words. */
const isBlank = (code: number): boolean =>
  code <= 0x20 ||
  code === 0x2a /* * */ ||
  code === 0x5f /* _ */ ||
  code === 0x60 /* ` */ ||
  code === 0x7e /* ~ */ ||
  (code >= 0xa0 && (code === 0xa0 || code === 0xfeff || code === 0x3000 || (code >= 0x2000 && code <= 0x206f)));

/** `<@U1>`, or `<@U1|name>` as older programs send it. */
function mentions(text: string, users: ReadonlySet<string>): boolean {
  for (let at = text.indexOf('<@'); at !== -1; at = text.indexOf('<@', at + 2)) {
    let end = at + 2;
    while (end < text.length && end - at < longestMention && isIdLetter(text.charCodeAt(end))) end += 1;
    if (users.has(text.slice(at + 2, end))) return true;
  }
  return false;
}

const longestMention = 64;

const isIdLetter = (code: number): boolean => (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a);

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
