import { memoryState } from '../../src/state/memory.ts';
import { stateContract } from '../contract/state.ts';

stateContract('memory', async () => {
  const state = memoryState();
  return { open: async () => state };
});
