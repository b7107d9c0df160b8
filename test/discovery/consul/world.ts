import { onTestFinished } from 'vitest';
import { type ConsulOptions, consulRegistry } from '../../../src/discovery/consul/consul.ts';
import type { Registry } from '../../../src/discovery/registry.ts';
import { type Consul, type ConsulSettings, startConsul } from '../../support/consul.ts';

/** A registry that is closed with the test. A busy machine may take its time. */
export function open(consul: { readonly url: string }, options: Partial<ConsulOptions> = {}): Registry {
  const registry = consulRegistry({ addresses: [consul.url], timeoutMs: 20_000, ...options });
  onTestFinished(() => registry.close());
  return registry;
}

/** An agent that ends with the test. */
export async function started(settings: ConsulSettings = {}): Promise<Consul> {
  const consul = await startConsul(settings);
  onTestFinished(() => consul.stop());
  return consul;
}

/** Asks the agent itself: JSON, or its text when it is none. */
export async function api(
  consul: { readonly url: string },
  path: string,
  body?: unknown,
  token?: string,
): Promise<unknown> {
  const answer = await fetch(`${consul.url}/v1${path}`, {
    method: body === undefined ? 'GET' : 'PUT',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(token === undefined ? {} : { headers: { 'x-consul-token': token } }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What somebody else registers. */
export const foreign = (name: string, id: string, more: object = {}): object => ({
  ID: id,
  Name: name,
  Address: '127.0.0.1',
  Port: 80,
  ...more,
});
