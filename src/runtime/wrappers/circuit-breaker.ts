import type { Log } from '../../log/log.ts';
import { silent } from '../../log/log.ts';
import type { CallOptions, ClientWrapper, Request } from '../client/client.ts';
import { MicroError } from '../errors.ts';
import type { Outcome } from './breaker.ts';
import { Breaker } from './breaker.ts';

export interface CircuitBreakerOptions {
  /** One breaker for each endpoint of each service, or one for each service. Default `endpoint`. */
  readonly per?: 'endpoint' | 'service';
  /** So many failures in a row open the breaker. Default 6. */
  readonly failures?: number;
  /** How long it stays open before one call is let through as a probe, in milliseconds. Default 60,000. */
  readonly openMs?: number;
  /** What calls get instead when the breaker is open or they failed in a way that counts. What it throws reaches the caller. Streams have none. */
  readonly fallback?: (error: MicroError, request: Request) => unknown;
  /** Hears when a breaker opens and closes. */
  readonly log?: Log;
}

/** A breaker that lets nobody through, or only a probe. */
export interface Circuit {
  readonly service: string;
  /** Absent where one breaker is for the whole service. */
  readonly endpoint?: string | undefined;
  /** `half-open`: a probe is under way. */
  readonly state: 'open' | 'half-open';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The first call after that is a probe. */
  readonly until: number;
}

export interface CircuitBreaker extends ClientWrapper {
  /** Those that are not closed at the moment, in the order in which they were first needed. */
  states(): readonly Circuit[];
}

/** A breaker, and what it is for. */
interface Guarded {
  readonly breaker: Breaker;
  readonly service: string;
  readonly endpoint: string | undefined;
}

/** Names come from callers, and some of them from people who mistype. */
const maxBreakers = 1000;

/**
 * Spares a service that fails, and those who would wait for it: after too many failures in a row calls fail at once with 502
 * `circuit breaker is open`. Codes from 500 up count, text that is no record, and the time-outs of our own side.
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  const { per = 'endpoint', failures = 6, openMs = 60_000, fallback, log = silent } = options;
  const breakers = new Map<string, Guarded>();

  const newGuarded = ({ service, endpoint }: Request): Guarded => ({
    breaker: new Breaker({ failures, openMs }),
    service,
    endpoint: per === 'service' ? undefined : endpoint,
  });

  const guard = async <T>(request: Request, options: CallOptions | undefined, work: () => Promise<T>): Promise<T> => {
    const key = per === 'service' ? request.service : `${request.service}.${request.endpoint}`;
    const { breaker } = breakers.get(key) ?? put(breakers, key, newGuarded(request));
    const ticket = breaker.enter();
    if (ticket === undefined) throw new MicroError('go.micro.client', 502, 'circuit breaker is open');
    const leave = (outcome: Outcome): void => {
      const before = breaker.state;
      breaker.leave(ticket, outcome);
      if (breaker.state === before || outcome === 'neither') return;
      if (outcome === 'failure') log.warn('a circuit breaker opened', { key, openMs });
      else log.info('a circuit breaker closed', { key });
    };
    try {
      const result = await work();
      leave('success');
      return result;
    } catch (thrown) {
      leave(outcomeOf(MicroError.from(thrown, 'go.micro.client'), options));
      throw thrown;
    }
  };

  const wrap: ClientWrapper = (next) => ({
    ...next,
    async call<T>(request: Request, options?: CallOptions) {
      try {
        return await guard(request, options, () => next.call<T>(request, options));
      } catch (thrown) {
        const error = MicroError.from(thrown, 'go.micro.client');
        if (fallback === undefined || outcomeOf(error, options) !== 'failure') throw thrown;
        return (await fallback(error, request)) as T;
      }
    },
    stream: <T>(request: Request, options?: CallOptions) =>
      guard(request, options, () => next.stream<T>(request, options)),
  });
  return Object.assign(wrap, {
    states: () =>
      [...breakers.values()].flatMap(({ breaker: { state, since }, service, endpoint }): Circuit[] =>
        state === 'closed' ? [] : [{ service, endpoint, state, since, until: since + openMs }],
      ),
  });
}

function outcomeOf({ id, code }: MicroError, options: CallOptions | undefined): Outcome {
  if (code >= 500 || code === 0) return 'failure';
  if (!id.startsWith('go.micro.client')) return 'success';
  return code === 408 && !isGivenUp(options) ? 'failure' : 'neither';
}

/** Whether the caller left, other than because its time was over. */
const isGivenUp = ({ signal, context }: CallOptions = {}): boolean =>
  [signal, context?.signal].some((each) => each?.aborted === true && each.reason?.name !== 'TimeoutError');

/** Of too many the first that knows nothing makes room, else the oldest. */
function put(breakers: Map<string, Guarded>, key: string, guarded: Guarded): Guarded {
  if (breakers.size >= maxBreakers) {
    const [victim] = [...breakers].find(([, { breaker }]) => breaker.isIdle) ?? [...breakers.keys()];
    if (victim !== undefined) breakers.delete(victim);
  }
  breakers.set(key, guarded);
  return guarded;
}
