import type { Place, Speech } from '../input.ts';
import type { Outbox, Talk } from './outbox.ts';
import type { Places } from './places.ts';
import { readTarget } from './target.ts';

/** Says something that nobody asked for. Throws an `InputError` (`config`) for a place that can't be named. */
export function reachPlace(place: Place, places: Places, outbox: Outbox): Speech {
  const target = readTarget(place);
  places.check(target);
  let opening: Promise<Talk> | undefined;

  const open = async (): Promise<Talk> => {
    const { team, channel } = await places.find(target);
    return outbox.talk({
      team,
      channel,
      thread: place.kind === 'room' ? place.thread : undefined,
      direct: target.kind === 'person' || channel.startsWith('D'),
      user: undefined,
      keys: undefined,
      ts: undefined,
      responseUrl: undefined,
    });
  };

  return {
    async say(document, kind) {
      const talk = (opening ??= open());
      try {
        await (await talk).say(document, kind);
      } catch (error) {
        // Where the place was not found it is looked for again.
        talk.catch(() => {
          if (opening === talk) opening = undefined;
        });
        throw error;
      }
    },
    end() {
      opening?.then(
        (talk) => talk.end(),
        () => {},
      );
    },
  };
}
