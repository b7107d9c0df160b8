import type { Whereabouts } from './whereabouts.ts';

/** Candidates for the word that is being typed, given the words before it. */
type Complete = (before: readonly string[], signal: AbortSignal) => Promise<readonly string[]>;

/** Candidates for `[service]`. Nothing when nobody can be asked: a person who types is not bothered with that. */
export const completeService =
  (where: Whereabouts): Complete =>
  async (before, signal) =>
    before.length === 0 ? where.names(signal).catch(() => []) : [];

/** Candidates for `[service] [endpoint]`. Subscribers are no endpoints to call. */
export const completeEndpoint =
  (where: Whereabouts): Complete =>
  async (before, signal) => {
    const [service, ...more] = before;
    if (service === undefined || more.length > 0) return completeService(where)(before, signal);
    const records = await where.of(service).catch(() => []);
    const endpoints = records.flatMap((record) => record.endpoints);
    return [
      ...new Set(endpoints.filter(({ metadata }) => metadata['subscriber'] !== 'true').map(({ name }) => name)),
    ].sort();
  };
