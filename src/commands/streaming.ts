import type { Registry, ServiceRecord } from '../discovery/registry.ts';

/** How an endpoint answers: with one message or a stream; undefined when nobody said. */
export type Answering = 'one' | 'stream' | undefined;

/** What the records of a service say of one of its endpoints. */
export function answerOf(records: readonly ServiceRecord[], endpoint: string): Answering {
  const found = records.flatMap(({ endpoints }) => endpoints).find(({ name }) => name === endpoint);
  if (found === undefined) return undefined;
  return found.metadata['stream'] === 'true' ? 'stream' : 'one';
}

/** What the registry says of it, as far as it can be asked. */
export const answersBy = async (registry: Registry, service: string, endpoint: string): Promise<Answering> =>
  answerOf(await registry.getService(service).catch(() => []), endpoint);
