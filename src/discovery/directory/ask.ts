import type { Log } from '../../log/log.ts';
import { type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { orAbandoned } from './abandon.ts';

/** What the registry says of one service. Rejects with what the registry throws, and as soon as the signal aborts. Broken records are logged. */
export type AskRegistry = (name: string, signal: AbortSignal) => Promise<readonly ServiceRecord[]>;

/** Broken records remembered, so that each is logged once. */
const maxBroken = 1000;

export function newAsk(registry: Registry, log: Log): AskRegistry {
  const broken = new Set<string>();

  const report = (name: string, error: RegistryError): void => {
    const key = `${name} ${error.message}`;
    if (broken.has(key) || broken.size >= maxBroken) return;
    broken.add(key);
    log.warn('a broken record is left out', { registry: registry.name, service: name, error });
  };

  return async (name, signal) => {
    try {
      return await orAbandoned(registry.getService(name), signal);
    } catch (error) {
      if (isBroken(error)) report(name, error);
      throw error;
    }
  };
}

/** Whether a single service is the trouble, not the registry. */
export const isBroken = (error: unknown): error is RegistryError =>
  error instanceof RegistryError && error.code === 'invalid';
