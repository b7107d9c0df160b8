import type { Scene } from './access.ts';
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
  if (text === '*')
    return pattern(
      text,
      (input) => ({ ...nowhere, input }),
      () => true,
    );
  if (text === 'direct') {
    return pattern(
      text,
      (input) => ({ ...nowhere, input, isDirect: true }),
      (_, { isDirect }) => isDirect,
    );
  }
  const colon = text.startsWith('#') ? -1 : text.indexOf(':');
  const [input, rest] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  if (rest.startsWith('#') && rest.length > 1) {
    const names = segments(nameOf(rest));
    // Of a room with an address people may write no more than what stands before the @.
    const short = segments(nameOf(rest).replace(/@.*$/su, ''));
    // A conversation with one person bears that person's name, which anybody may choose.
    const isThere: RoomPattern['fits'] = (asked, { isDirect }) => !isDirect && (input === '' || asked === input);
    const roomName = withoutStars(nameOf(rest));
    return pattern(
      text,
      (asked) => ({ ...nowhere, input: input === '' ? asked : input, roomName }),
      (asked, scene) => isThere(asked, scene) && names.fits(nameOf(scene.roomName)),
      (asked, scene) =>
        isThere(asked, scene) &&
        (isNameless(scene) ||
          names.fits(nameOf(scene.roomName)) ||
          names.fits(nameOf(addressOf(scene))) ||
          (scene.room.startsWith('#') && short.fits(nameOf(scene.room)))),
    );
  }
  if (input === '' || rest === '') throw new Error(`${text} is no room: write slack:T1/C9, #ops, direct or *`);
  const rooms = segments(idOf(input, rest));
  return pattern(
    text,
    () => ({ ...nowhere, input, room: withoutStars(idOf(input, rest)).slice(input.length + 1) }),
    (asked, { room }) => asked === input && rooms.fits(idOf(asked, room)),
    (asked, scene) =>
      asked === input &&
      (scene.room.startsWith('#') || rooms.fits(idOf(asked, scene.room)) || rooms.fits(idOf(asked, addressOf(scene)))),
  );
}

/** The network has not told yet what the room is called, and a part of its id stands for it: it may be any. */
export const isNameless = ({ room, roomName }: Scene): boolean => room.endsWith(`/${roomName}`);

const pattern = (
  text: string,
  example: RoomPattern['example'],
  fits: RoomPattern['fits'],
  mayFit: RoomPattern['mayFit'] = fits,
): RoomPattern => ({ text, isRest: text === '*', example, fits, mayFit });

/** No room has such an id or name. */
export const nowhere: Scene = { room: '?', roomName: '?', isDirect: false };

/** Where a star stands there may be nothing. */
const withoutStars = (text: string): string => text.replaceAll('*', '');

/** As networks with addresses read one that somebody wrote: `Ops@Example.org/` is `ops@example.org`. What is none stays as it is. */
const addressOf = ({ room, isDirect }: Scene): string =>
  isDirect ? room : room.replace(/^([^/]*@[^/]*).*$/su, (_, bare: string) => bare.normalize('NFKC').toLowerCase());

const nameOf = (name: string): string => name.replace(/^#/, '').toLowerCase();
