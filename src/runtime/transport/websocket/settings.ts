import type { Patience } from '../watch.ts';

export interface WebsocketSettings extends Pick<Patience, 'headTimeoutMs' | 'heldTimeoutMs'> {
  readonly maxMessageBytes: number;
  readonly pingMs: number;
}

/** What both ends must agree on in the handshake: a server of something else does not know it, and a browser's page does not ask for it. */
export const protocol = 'micro-bot.1';
