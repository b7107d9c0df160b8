import type { Access } from '../../access/access.ts';
import type { Alarms } from '../../async/alarms.ts';
import type { Audit } from '../../audit/audit.ts';
import type { CommandSet } from '../../commands/set.ts';
import type { Place, Speech } from '../../inputs/input.ts';
import type { Log } from '../../log/log.ts';
import type { Approvals } from '../approval/approvals.ts';
import type { Deliver } from '../deliver.ts';
import type { Jobs } from '../jobs/jobs.ts';

/** The node that answered an invocation last. */
export interface Answerer {
  readonly node: string;
  readonly version?: string | undefined;
}

/** What an invocation passes on its way. */
export interface Desk {
  readonly commands: () => CommandSet;
  readonly access: Access | undefined;
  readonly approvals: Approvals | undefined;
  readonly audit: Audit | undefined;
  readonly jobs: Jobs;
  readonly deliver: Deliver;
  /** Throws an `InputError` for a place that can't be reached. */
  readonly reach: (input: string, place: Place) => Speech;
  readonly answerer: ((invocation: string) => Answerer | undefined) | undefined;
  /** Makes a job's id unique among all bots. */
  readonly instance: string;
  readonly timeoutMs: number;
  readonly alarms: Alarms;
  readonly log: Log;
}
