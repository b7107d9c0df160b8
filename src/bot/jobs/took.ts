import { formatDuration } from '../../runtime/duration.ts';
import type { Job } from './jobs.ts';

/** How long it ran: `1.5s`; empty for one that never began, or runs still. A clock that was set back has counted nothing. */
export const durationOf = ({ startedAt, endedAt }: Job): string =>
  startedAt === undefined || endedAt === undefined ? '' : formatDuration(Math.max(0, endedAt - startedAt) * 1e6);
