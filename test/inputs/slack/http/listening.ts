import { httpSource, type HttpSourceOptions } from '../../../../src/inputs/slack/http/http.ts';
import type { Accept, Delivery } from '../../../../src/inputs/slack/source.ts';
import { until } from '../../../support/until.ts';
import { newSecret } from './wire.ts';

/** The source on a free port, with what it took and what it told. */
export interface Listening extends AsyncDisposable {
  readonly url: string;
  readonly secret: string;
  /** Seconds, by the source's clock. */
  readonly timestamp: number;
  readonly taken: readonly Delivery[];
  /** One line for each entry of the log. */
  readonly told: readonly string[];
  pass(ms: number): void;
  /** Ends it, and resolves when `run` has. */
  stop(): Promise<void>;
}

export async function listening(
  options: Partial<HttpSourceOptions> = {},
  accept: Accept = () => undefined,
): Promise<Listening> {
  const secret = options.signingSecrets?.[0] ?? newSecret();
  const taken: Delivery[] = [];
  const told: string[] = [];
  let at = 1_764_000_000_500;
  const tell = (message: string, fields?: object): void => void told.push(`${message} ${JSON.stringify(fields)}`);
  const source = httpSource({
    signingSecrets: [secret],
    address: '127.0.0.1:0',
    log: { debug: tell, info: tell, warn: tell, error: tell },
    now: () => at,
    ...options,
  });
  const stop = new AbortController();
  const take: Accept = (delivery) => {
    taken.push(delivery);
    return accept(delivery);
  };
  const ended = source.run(take, () => {}, stop.signal);
  ended.catch(() => {});
  const url = await until(() => source.url);
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  return {
    url,
    secret,
    get timestamp() {
      return Math.floor(at / 1000);
    },
    taken,
    told,
    pass: (ms) => void (at += ms),
    stop: end,
    [Symbol.asyncDispose]: end,
  };
}
