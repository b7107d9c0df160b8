import type { Snapshot } from 'classic-level';
import type { Database } from './database.ts';
import { type KeyRange, type PlaceRange, placeOf, seekKey } from './key.ts';

/** So many keys are read at once. */
const pieceKeys = 128;

/** Goes down through one range of the index. */
interface Descent {
  /** The highest place in it that is not above this one; undefined when there is none. */
  downTo(place: number): Promise<number | undefined>;
  close(): Promise<void>;
}

function createDescent(db: Database, range: KeyRange, snapshot: Snapshot): Descent {
  const iterator = db.keys({ ...range, reverse: true, snapshot });
  let places: readonly number[] = [];
  const read = async (): Promise<void> => {
    places = (await iterator.nextv(pieceKeys)).map(placeOf);
  };
  let isFirst = true;
  return {
    async downTo(place) {
      if (isFirst) await read();
      isFirst = false;
      if ((places.at(-1) ?? 0) > place) {
        iterator.seek(seekKey(range, place));
        await read();
      }
      const found = places.findIndex((each) => each <= place);
      if (found < 0) return undefined;
      places = places.slice(found);
      const [first] = places;
      // The last one of a piece is kept, so that what comes behind it is read when it is asked for.
      return first;
    },
    close: () => iterator.close(),
  };
}

/** The places from the highest to the lowest that are in all of these ranges. */
export async function* placesIn(
  db: Database,
  ranges: readonly KeyRange[],
  { first, last }: PlaceRange,
  snapshot: Snapshot,
): AsyncGenerator<number> {
  const descents = ranges.map((range) => createDescent(db, range, snapshot));
  try {
    let below = last;
    for (;;) {
      const place = await agreed(descents, below);
      if (place === undefined || place < first) return;
      yield place;
      below = place - 1;
    }
  } finally {
    for (const each of descents) await each.close();
  }
}

/** The highest place, not above this one, at which all of them have a key. */
async function agreed(descents: readonly Descent[], highest: number): Promise<number | undefined> {
  let place = highest;
  for (let same = 0, next = 0; same < descents.length; next = (next + 1) % descents.length) {
    const found = await descents[next]?.downTo(place);
    if (found === undefined) return undefined;
    same = found === place ? same + 1 : 1;
    place = found;
  }
  return place;
}
