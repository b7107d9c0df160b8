import type { Delivery } from '../source.ts';
import { readEvent } from './event.ts';
import { readInteraction } from './interaction.ts';
import type { Own } from './own.ts';
import type { Seen } from './seen.ts';
import { readSlash } from './slash.ts';

/** Undefined for what is none of our business, and for what is not as Slack documents it. Never throws. */
export function readDelivery({ kind, body }: Delivery, own: Own): Seen | undefined {
  switch (kind) {
    case 'events_api':
      return readEvent(body, own);
    case 'slash_commands':
      return readSlash(body, own);
    case 'interactive':
      return readInteraction(body, own);
    default:
      return kind satisfies never;
  }
}
