import type { Node, RegisterOptions, ServiceRecord } from '../registry.ts';
import type { Agent } from './agent.ts';
import { RegistryError } from '../registry.ts';
import { inPath } from './names.ts';
import { Refusal } from './refusal.ts';
import { type Registration, registrationOf } from './registration.ts';

/** What this process has registered with an agent. */
export interface Own {
  put(service: ServiceRecord, node: Node, options: RegisterOptions): Promise<void>;
  /** Whoever registered it; no error when it is not there. Rejects with `invalid` for the node of another service, as `put` does. */
  take(service: string, nodeId: string): Promise<void>;
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

  /** An agent knows nodes by their ids alone: what is said of one service must not change another. */
  const refuseOthers = async (service: string, nodeId: string): Promise<void> => {
    if (registered.has(nodeId)) return;
    const owner = await ownerOf(nodeId);
    if (owner === undefined || owner === service) return;
    throw new RegistryError('invalid', `the node ${nodeId} is of the service ${owner}, not of ${service}`);
  };

  const ownerOf = async (nodeId: string): Promise<string | undefined> => {
    try {
      const { body } = await agent.ask({ method: 'GET', path: `/agent/service/${inPath(nodeId)}` });
      return body === undefined ? undefined : serviceOf(JSON.parse(body));
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return undefined;
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

  return {
    async put(service, node, { ttlMs, stays = false }) {
      inPath(service.name);
      inPath(node.id);
      const registration = registrationOf(service, node, ttlMs);
      await inTurn(node.id, async () => {
        await refuseOthers(service.name, node.id);
        if (stays) staying.add(node.id);
        else staying.delete(node.id);
        await register(registration);
      });
    },
    take: (service, nodeId) =>
      inTurn(nodeId, async () => {
        await refuseOthers(service, nodeId);
        await deregister(nodeId);
      }),
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

function serviceOf(answer: unknown): string | undefined {
  const isNamed = typeof answer === 'object' && answer !== null && 'Service' in answer;
  return isNamed && typeof answer.Service === 'string' ? answer.Service : undefined;
}
