import { type Input, InputError, type Message, type Place, type Speech } from '../inputs/input.ts';
import type { Grant } from './approval/approvals.ts';
import type { Due } from './schedule/schedules.ts';

/** Says something in a place of an input. Throws an `InputError` when it can't be reached. */
export type Reach = (input: string, place: Place) => Speech;

export const reaching =
  (inputs: readonly Input[]): Reach =>
  (name, place) => {
    const input = inputs.find((each) => each.name === name);
    if (input?.reach === undefined)
      throw new InputError('config', `nothing can be said on ${name} without being asked`);
    return input.reach(place);
  };

/** Something to be run that nobody typed just now. */
export interface Unasked extends Due {
  readonly grant?: Grant | undefined;
}

/** What nobody typed just now, as a message of the person in whose name it runs. */
export function messageOf(
  { identity, place, roomName, isDirect, line, signal }: Due,
  reply: Message['reply'],
  settled: () => void,
): Message {
  const id = place.kind === 'room' ? place.room : place.person;
  const thread = place.kind === 'room' ? place.thread : undefined;
  return {
    id: '',
    text: line,
    sender: { id: identity.user, name: identity.name, isKnown: identity.isKnown },
    room: { id, name: roomName, ...(thread === undefined ? {} : { thread }) },
    direct: isDirect,
    addressed: true,
    ...(signal === undefined ? {} : { cancelled: signal }),
    reply,
    settled,
  };
}
