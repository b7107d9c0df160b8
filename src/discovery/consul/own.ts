import type { Node, RegisterOptions, ServiceRecord } from '../registry.ts';
import type { Agent } from './agent.ts';
import { inPath } from './names.ts';
import { Refusal } from './refusal.ts';
import { type Registration, registrationOf } from './registration.ts';

/** What this process has registered with an agent. */
export interface Own {
  put(service: ServiceRecord, node: Node, options: RegisterOptions): Promise<void>;
  /** Whoever registered it; no error when it is not there. */
  take(nodeId: string): Promise<void>;
  /** Takes all of it that shall not stay; rejects when one could not be taken. */
  clear(): Promise<void>;
}

export function newOwn(agent: Agent): Own {
  /** By node id: what the agent has confirmed; undefined when it is not known what it has. */
  const registered = new Map<string, string | undefined>();
  const staying = new Set<string>();
  const turns = new Map<string, Promise<void>>();

  /** One after the other for each node: what was asked for last shall be what remains. */
  const inTurn = async (nodeId: string, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(nodeId) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    turns.set(nodeId, settled);
    try {
      await turn;
    } finally {
      if (turns.get(nodeId) === settled) turns.delete(nodeId);
    }
  };

  /** False when the check is not there: the agent was set up anew, has given the node up, or is another one. */
  const passes = async (nodeId: string): Promise<boolean> => {
    try {
      await agent.ask({ method: 'PUT', path: `/agent/check/pass/service:${inPath(nodeId)}` });
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.isMissing) return false;
      throw error;
    }
  };

  const register = async ({ id, json, hasCheck }: Registration): Promise<void> => {
    if (hasCheck && registered.get(id) === json && (await passes(id))) return;
    registered.set(id, undefined);
    // Without the addition a check of before would remain, and fail.
    await agent.ask({ method: 'PUT', path: '/agent/service/register?replace-existing-checks=true', body: json });
    registered.set(id, json);
  };

  const deregister = async (nodeId: string): Promise<void> => {
    try {
      await agent.ask({ method: 'PUT', path: `/agent/service/deregister/${inPath(nodeId)}` });
    } catch (error) {
      if (!(error instanceof Refusal && error.isMissing)) throw error;
    }
    registered.delete(nodeId);
    staying.delete(nodeId);
  };

  const take = (nodeId: string): Promise<void> => inTurn(nodeId, () => deregister(nodeId));

  return {
    async put(service, node, { ttlMs, stays = false }) {
      inPath(service.name);
      inPath(node.id);
      const registration = registrationOf(service, node, ttlMs);
      await inTurn(node.id, async () => {
        if (stays) staying.add(node.id);
        else staying.delete(node.id);
        await register(registration);
      });
    },
    take,
    async clear() {
      // What is under way is part of it.
      const ids = new Set([...registered.keys(), ...turns.keys()]);
      const leave = async (id: string): Promise<void> => {
        if (!staying.has(id)) await deregister(id);
      };
      await Promise.all([...ids].map((id) => inTurn(id, () => leave(id))));
    },
  };
}
