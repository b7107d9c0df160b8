import type { Roll } from './members.ts';
import type { Members, RoomPattern } from './policy.ts';
import { readRoom } from './room.ts';
import type { Path } from './yaml.ts';

export type Complain = (path: Path, message: string) => void;

/** What is asked of while a policy is made: each puts what it cannot use down as a mistake. */
export interface Names {
  members(path: Path, entries: readonly string[]): Members;
  rooms(path: Path, entries: readonly string[]): readonly RoomPattern[];
  complain: Complain;
}

export const namesOf = (roll: Roll, complain: Complain): Names => ({
  complain,
  members: (path, entries) => roll.membersOf(entries, (index, message) => complain([...path, index], message)),
  rooms: (path, entries) =>
    entries.flatMap((entry, index) => {
      try {
        return [readRoom(entry)];
      } catch (error) {
        complain([...path, index], error instanceof Error ? error.message : 'is no room');
        return [];
      }
    }),
});
