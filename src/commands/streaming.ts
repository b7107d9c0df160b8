import type { ServiceRecord } from '../discovery/registry.ts';
import type { Whereabouts } from './whereabouts.ts';

/** How an endpoint answers: with one message or a stream; undefined when nobody said. */
export type Answering = 'one' | 'stream' | undefined;

/** What the records of a service say of one of its endpoints. */
export function answerOf(records: readonly ServiceRecord[], endpoint: string): Answering {
  const found = records.flatMap(({ endpoints }) => endpoints).find(({ name }) => name === endpoint);
  if (found === undefined) return undefined;
  return found.metadata['stream'] === 'true' ? 'stream' : 'one';
}

/** What is known of it, as far as anybody can be asked. */
export const answersBy = async (where: Whereabouts, service: string, endpoint: string): Promise<Answering> =>
  answerOf(await where.of(service).catch(() => []), endpoint);
