import type { Caller } from '../commands/command.ts';
import type { Identity, Question, Scene, Wish } from './access.ts';

export const identityOf = ({ input, user, name = user, isKnown = true }: Caller): Identity => ({
  input,
  user,
  name,
  isKnown,
});

const sceneOf = ({ room, roomName = '', isDirect = false }: Caller): Scene => ({ room, roomName, isDirect });

export const questionOf = (wish: Wish, caller: Caller): Question => ({
  ...wish,
  ...sceneOf(caller),
  identity: identityOf(caller),
});
