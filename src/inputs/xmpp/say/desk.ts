import type { Alarms } from '../../../async/alarms.ts';
import type { Log } from '../../../log/log.ts';
import { XmppError } from '../account.ts';
import type { Rooms } from '../rooms.ts';
import type { Said } from '../said.ts';
import type { Order } from '../../../async/order.ts';
import type { Upload } from './upload.ts';
import type { Voice } from './voice.ts';

/** What all that is said goes through. */
export interface Desk {
  readonly voice: Voice;
  readonly rooms: Pick<Rooms, 'find'> | undefined;
  readonly order: Order;
  readonly alarms: Alarms;
  readonly upload: Upload | undefined;
  readonly hasFences: boolean;
  readonly hasCorrections: boolean;
  readonly hasChatStates: boolean;
  readonly canWhisper: boolean;
  readonly address: (said: Said) => string;
  readonly maxCharacters: number;
  readonly paceMs: number;
  readonly log: Log;
  /** Aborts when nothing is said any more. */
  readonly signal: AbortSignal;
}

export const leaving = (): XmppError =>
  new XmppError('unavailable', '', 'nothing more is said: the bot is leaving XMPP');
