import { moment } from '../document/moment.ts';

/** A service, or one endpoint of it, that is spared because it failed too often. */
export interface Circuit {
  readonly service: string;
  readonly endpoint?: string | undefined;
  /** `half-open`: one call is let through to see whether it works again. */
  readonly state: 'open' | 'half-open';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** When one call may try again. */
  readonly until: number;
}

/** A line for each: `billing Billing.Pay is spared since 09:00:00 UTC, and tried again from 09:01:00 UTC`. */
export const describeCircuits = (circuits: readonly Circuit[], now: number = Date.now()): readonly string[] =>
  circuits.map(({ service, endpoint, state, since, until }) => {
    const what = endpoint === undefined ? service : `${service} ${endpoint}`;
    const next = nextStep(state, until, now);
    return `${what} failed too often and is spared since ${moment(since, now)}${next}`;
  });

function nextStep(state: Circuit['state'], until: number, now: number): string {
  if (state === 'half-open') return ', and is being tried again';
  return until <= now ? ', and the next call tries it' : `, and is tried again from ${moment(until, now)}`;
}
