import type { Log } from '../../log/log.ts';
import { newComplaints } from '../complaints.ts';
import { type Registry, RegistryError, type ServiceRecord } from '../registry.ts';
import { orAbandoned } from './abandon.ts';

/** What the registry says of one service. Rejects with what the registry throws, and as soon as the signal aborts. Broken records are logged. */
export type AskRegistry = (name: string, signal: AbortSignal) => Promise<readonly ServiceRecord[]>;

export function newAsk(registry: Registry, log: Log): AskRegistry {
  const complain = newComplaints(log);
  const report = (name: string, error: RegistryError): void =>
    complain(`${name} ${error.message}`, 'a broken record is left out', {
      registry: registry.name,
      service: name,
      error,
    });

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
