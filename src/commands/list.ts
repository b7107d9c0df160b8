import type { Registry } from '../discovery/registry.ts';
import type { Document } from '../document/document.ts';
import type { Command } from './command.ts';
import { asking } from './failure.ts';
import { compare } from './set.ts';

/** All names, each once, in the order of their bytes. */
export async function serviceNames(registry: Registry): Promise<readonly string[]> {
  const records = await asking(registry.listServices());
  return [...new Set(records.map(({ name }) => name))].sort(compare);
}

export const listServices = (registry: Registry): Command => ({
  name: 'list services',
  usage: 'list services',
  description: 'Returns a list of registered services',
  source: { kind: 'builtin' },
  run: async (): Promise<Document> => ({ kind: 'list', items: await serviceNames(registry) }),
});
