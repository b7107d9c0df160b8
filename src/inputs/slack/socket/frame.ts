import type { Delivery } from '../source.ts';

/** What Slack said on a socket. */
export type Frame =
  /** The socket is ready. How long Slack means to keep it, where it says so. */
  | { readonly kind: 'hello'; readonly lifetimeMs: number | undefined }
  /** Slack will close the socket, or has no use for it. */
  | { readonly kind: 'disconnect'; readonly reason: Reason }
  /** `answerable`: an answer may go along with the acknowledgement. */
  | { readonly kind: 'envelope'; readonly id: string; readonly delivery: Delivery; readonly answerable: boolean }
  /** Nothing for us; acknowledged where it has an id, or Slack would send it again. */
  | { readonly kind: 'ignored'; readonly id: string | undefined; readonly why: string };

/** Why Slack ends a socket: a planned refresh, too many of them, or the app no longer takes part in Socket Mode. */
export type Reason = 'refresh' | 'crowded' | 'disabled';

/** A frame larger than this is not looked into. */
const maxFrameBytes = 1_000_000;

const kinds: Readonly<Record<string, Delivery['kind']>> = {
  events_api: 'events_api',
  slash_commands: 'slash_commands',
  interactive: 'interactive',
};

const reasons: Readonly<Record<string, Reason>> = { too_many_websockets: 'crowded', link_disabled: 'disabled' };

type Fields = Readonly<Record<string, unknown>>;

/** Reads one frame. Never throws: whatever is no message of Slack's is `ignored`, with a reason that shows nothing of it. */
export function readFrame(data: Buffer): Frame {
  let value: unknown;
  try {
    value = JSON.parse(data.toString());
  } catch {
    return { kind: 'ignored', id: undefined, why: 'no JSON' };
  }
  if (!isFields(value)) return { kind: 'ignored', id: undefined, why: 'no object' };
  const type = value['type'];
  const envelopeId = value['envelope_id'];
  const id = typeof envelopeId === 'string' && envelopeId !== '' ? envelopeId : undefined;
  if (id === undefined) {
    if (type === 'hello') return { kind: 'hello', lifetimeMs: lifetimeOf(value['debug_info']) };
    if (type === 'disconnect') return { kind: 'disconnect', reason: own(reasons, value['reason']) ?? 'refresh' };
    return { kind: 'ignored', id, why: 'no envelope id' };
  }
  if (data.length > maxFrameBytes) return { kind: 'ignored', id, why: 'too large' };
  const kind = own(kinds, type);
  if (kind === undefined) return { kind: 'ignored', id, why: 'unknown type' };
  const body = value['payload'];
  if (!isFields(body)) return { kind: 'ignored', id, why: 'no payload' };
  return { kind: 'envelope', id, delivery: { kind, body }, answerable: value['accepts_response_payload'] === true };
}

/** Slack gives seconds. Undefined for what is no time, or longer than a timer can wait. */
function lifetimeOf(debugInfo: unknown): number | undefined {
  const seconds = isFields(debugInfo) ? debugInfo['approximate_connection_time'] : undefined;
  return typeof seconds === 'number' && seconds >= 1 && seconds < 1_000_000 ? seconds * 1000 : undefined;
}

function own<T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
