import { segments } from './glob.ts';
import { flawOf, idOf } from './identifier.ts';
import type { RoomPattern } from './policy.ts';

/**
 * `slack:T1/C9` is a room by its id, `#ops` and `slack:#ops` are rooms by their name, `direct` is where nobody else reads along, `*` the
 * rest. Throws an `Error` that says what is wrong.
 */
export function readRoom(text: string): RoomPattern {
  const flaw = flawOf(text);
  if (flaw !== undefined) throw new Error(`${text} ${flaw}`);
  if (text === '*') return { text, isRest: true, fits: () => true };
  if (text === 'direct') return { text, isRest: false, fits: (_input, _room, _name, isDirect) => isDirect };
  const colon = text.startsWith('#') ? -1 : text.indexOf(':');
  const [input, rest] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  const isKnownInput = (asked: string): boolean => input === '' || asked === input;
  if (rest.startsWith('#') && rest.length > 1) {
    const names = segments(nameOf(rest));
    return {
      text,
      isRest: false,
      // A conversation with one person bears that person's name, which anybody may choose.
      fits: (asked, _room, name, isDirect) => !isDirect && isKnownInput(asked) && names.fits(nameOf(name)),
    };
  }
  if (input === '' || rest === '') throw new Error(`${text} is no room: write slack:T1/C9, #ops, direct or *`);
  const rooms = segments(idOf(input, rest));
  return { text, isRest: false, fits: (asked, room) => asked === input && rooms.fits(idOf(asked, room)) };
}

const nameOf = (name: string): string => name.replace(/^#/, '').toLowerCase();
