import type { Rooms } from '../rooms.ts';

/** Who we are, as far as that decides what somebody's message means. */
export interface Own {
  /** `user@domain/resource`. */
  readonly jid: string;
  /** `user@domain`. */
  readonly bare: string;
  /** What people call the bot. */
  readonly name: string;
  readonly rooms: Pick<Rooms, 'find'>;
  /**
   * When the session began, resumed or not, in milliseconds since the epoch: what our server held back for it since then is no replay of
   * the past. Absent: everything that was held back is one.
   */
  readonly since?: number | undefined;
}
