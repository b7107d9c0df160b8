import type { Result } from '../proof.ts';
import type { ContestantName } from './contestant.ts';
import { missingPeers } from './peers.ts';

/** Smaller runs are ours alone: the others have to be installed first. */
const leastShare = 0.1;

/** The same with ours and, in the whole, with other people's bots, which no goal depends on. */
export async function contest(
  share: number,
  run: (name: ContestantName) => Promise<Result>,
  peers: readonly ContestantName[] = ['Bolt', 'Hubot'],
): Promise<Result> {
  const ours = await run('micro-bot');
  const figures = [`micro-bot: ${ours.figure}`];
  const missing = share < leastShare ? undefined : missingPeers();
  if (missing !== undefined) figures.push(missing);
  else if (share >= leastShare) {
    for (const peer of peers) figures.push(`${peer}: ${await run(peer).then(({ figure }) => figure, failed)}`);
  }
  return { figure: figures.join('; '), met: ours.met };
}

const failed = (error: unknown): string => `did not come through (${String(error)})`;
