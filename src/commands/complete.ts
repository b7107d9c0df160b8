import type { Registry } from '../discovery/registry.ts';
import { serviceNames } from './list.ts';

/** Candidates for `[service]`. Nothing when the registry cannot be asked: a person who types is not bothered with that. */
export const completeService =
  (registry: Registry) =>
  async (before: readonly string[]): Promise<readonly string[]> =>
    before.length === 0 ? serviceNames(registry).catch(() => []) : [];

/** Candidates for `[service] [endpoint]`. Subscribers are no endpoints to call. */
export const completeEndpoint =
  (registry: Registry) =>
  async (before: readonly string[]): Promise<readonly string[]> => {
    const [service, ...more] = before;
    if (service === undefined || more.length > 0) return completeService(registry)(before);
    const records = await registry.getService(service).catch(() => []);
    const endpoints = records.flatMap((record) => record.endpoints);
    return [
      ...new Set(endpoints.filter(({ metadata }) => metadata['subscriber'] !== 'true').map(({ name }) => name)),
    ].sort();
  };
