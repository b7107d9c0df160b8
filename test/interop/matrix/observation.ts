import { MicroError } from '../../../src/runtime/errors.ts';
import type { Exchange } from './cells.ts';

/** What came of an exchange. */
export interface Observation {
  /** The texts that came back, or were heard, in order. */
  readonly answers: readonly string[];
  /** How it ended when not in order: the error record, or text that is none. */
  readonly error?: unknown;
  /** Of a handler that hangs: whether it was told the caller's limit. */
  readonly told?: boolean;
}

/** The name of either side's service. */
export const service = 'go.micro.srv.matrix';

/** What should come of each. */
export const right: Readonly<Record<Exchange, Observation>> = {
  unary: { answers: ['Hello Ann'] },
  error: { answers: [], error: { id: service, code: 404, detail: 'no such thing Ann', status: 'Not Found' } },
  metadata: { answers: ['x'] },
  timeout: { answers: [], error: { code: 408 }, told: true },
  'server stream': { answers: ['1', '2', '3'] },
  'client stream': { answers: ['a+b'] },
  bidirectional: { answers: ['echo a', 'echo b'] },
  'event over http': { answers: ['Ann', 'x'] },
  'event over nats': { answers: ['Ann', 'x'] },
};

/** An error of ours as it is compared. */
export const errorOf = (thrown: unknown): unknown =>
  thrown instanceof MicroError ? thrown.toJSON() : { crashed: String(thrown) };

/** The text of an error that a Go program saw. */
export const errorIn = (text: string): unknown => (text.startsWith('{') ? (JSON.parse(text) as unknown) : text);

/** Only the code: either side may be the first to say that time is over, each in its own words. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? { code: error.code } : error;
}
