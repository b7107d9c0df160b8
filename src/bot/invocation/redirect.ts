import { text } from '../../document/document.ts';
import type { Message, Speech } from '../../inputs/input.ts';
import { nameAndId } from '../approval/visible.ts';
import type { Redirect } from '../pipeline.ts';
import type { Desk } from './desk.ts';
import { type Say, saying } from './heading.ts';
import type { Request } from './request.ts';

/**
 * How what a command says gets to where it belongs; undefined: as it is to where it was asked for. Throws an `InputError` for a place that
 * can't be named.
 */
export function redirect(to: Redirect | undefined, request: Request, desk: Desk): Say | undefined {
  const { message, heading } = request;
  if (to !== undefined && (to.kind === 'room' || !message.direct)) return elsewhere(to, request, desk);
  return heading === undefined ? undefined : saying(request, desk.deliver);
}

function elsewhere(to: Redirect, request: Request, desk: Desk): Say {
  const { caller, message } = request;
  const { user, name = user, person = user } = caller;
  const here = saying(request, desk.deliver);
  const speech = desk.reach(
    caller.input,
    to.kind === 'me' ? { kind: 'person', person: caller.user } : { kind: 'room', room: to.room },
  );
  const there = speaking(message, speech);
  // The bot lends its voice: others must see to whom.
  const heading =
    to.kind === 'me' ? undefined : { text: `${nameAndId(name, person)} sent this:`, isKnown: false, told() {} };
  const say = saying({ message: there, heading }, desk.deliver);
  const place = to.kind === 'me' ? 'you alone' : to.room;
  const told = text(`sent to ${place}`);
  const lost = text(`it was run, and what it answered could not be sent to ${place}`);
  return (document, kind, ended) => {
    if (kind === 'progress') {
      say(document, kind, ended);
      return;
    }
    const end = (isTaken: boolean): void => {
      speech.end();
      ended(isTaken);
    };
    // What went wrong is told to whoever asked for it.
    if (kind === 'error') here(document, kind, end);
    else {
      say(document, 'answer', (isTaken) => {
        if (isTaken) here(told, 'aside', end);
        else here(lost, 'error', end);
      });
    }
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
