import type { Caller } from '../../commands/command.ts';
import { text } from '../../document/document.ts';
import type { Message, Speech } from '../../inputs/input.ts';
import type { Redirect } from '../pipeline.ts';
import type { Desk } from './desk.ts';
import type { Allowed } from './ongoing.ts';

/** How what a command says gets to where it belongs. Throws an `InputError` for a place that can't be named. */
export function redirect(to: Redirect | undefined, caller: Caller, message: Message, desk: Desk): Allowed['say'] {
  const here: Allowed['say'] = (document, kind, ended) => desk.deliver(message, document, kind, ended);
  if (to === undefined || (to.kind === 'me' && message.direct)) return here;
  const speech = desk.reach(
    caller.input,
    to.kind === 'me' ? { kind: 'person', person: caller.user } : { kind: 'room', room: to.room },
  );
  const there = speaking(message, speech);
  const told = text(`sent to ${to.kind === 'me' ? 'you alone' : to.room}`);
  return (document, kind, ended) => {
    // What went wrong is told to whoever asked for it.
    if (kind === 'error') here(document, kind, ended);
    else if (kind === 'progress') desk.deliver(there, document, kind, ended);
    else desk.deliver(there, document, 'answer', () => here(told, 'aside', ended));
    if (kind !== 'progress') speech.end();
  };
}

/** A message that is answered somewhere else. */
const speaking = (message: Message, speech: Speech): Message => ({
  id: message.id,
  text: message.text,
  sender: message.sender,
  room: message.room,
  direct: message.direct,
  addressed: message.addressed,
  reply: (document, kind) => speech.say(document, kind),
});
