import type { Registry } from '../discovery/registry.ts';

/** How an endpoint answers as far as the registry says: with one message or a stream; undefined when it does not know. */
export async function answersBy(
  registry: Registry,
  service: string,
  endpoint: string,
): Promise<'one' | 'stream' | undefined> {
  const records = await registry.getService(service).catch(() => []);
  const found = records.flatMap(({ endpoints }) => endpoints).find(({ name }) => name === endpoint);
  if (found === undefined) return undefined;
  return found.metadata['stream'] === 'true' ? 'stream' : 'one';
}
