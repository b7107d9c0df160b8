import type { Document } from '../document/document.ts';
import { renderTerminal } from '../document/terminal.ts';
import type { Input, Place, ReplyKind } from '../inputs/input.ts';
import type { MemoryInput } from '../inputs/memory/memory.ts';

/** What was said without having been asked just now: the answer of what was approved, of a schedule; a notice. */
export interface Heard {
  readonly input: string;
  /** The room, or the user to whom it was said alone. */
  readonly where: string;
  readonly document: Document;
  /** As a terminal shows it. */
  readonly text: string;
  readonly kind: Exclude<ReplyKind, 'progress'>;
}

export interface Ears {
  /** The input, listened to. */
  on(input: MemoryInput): Input;
  /** The oldest that fits and was not taken yet, as soon as there is one. Rejects with an `Error` when nothing comes, as `missing` says. */
  take(fits: (heard: Heard) => boolean, missing: string): Promise<Heard>;
  /** Nothing more comes. */
  close(): void;
}

interface Waiting {
  readonly fits: (heard: Heard) => boolean;
  readonly resolve: (heard: Heard) => void;
  readonly reject: (error: Error) => void;
}

/** How long somebody listens in vain. */
const patienceMs = 5_000;

export function createEars(): Ears {
  const heard: Heard[] = [];
  const waiting = new Set<Waiting>();

  const hear = (news: Heard): void => {
    const listener = [...waiting].find(({ fits }) => fits(news));
    if (listener === undefined) heard.push(news);
    else listener.resolve(news);
  };

  return {
    on(input) {
      const reach: MemoryInput['reach'] = (place) => {
        const speech = input.reach(place);
        return {
          async say(document, kind) {
            await speech.say(document, kind);
            if (kind !== 'progress')
              hear({ input: input.name, where: nameOf(place), document, text: renderTerminal(document), kind });
          },
          end: () => speech.end(),
        };
      };
      return { ...input, reach };
    },
    take(fits, missing) {
      const index = heard.findIndex(fits);
      const [known] = index === -1 ? [] : heard.splice(index, 1);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          clearTimeout(timer);
          waiting.delete(listener);
        };
        const listener: Waiting = {
          fits,
          resolve(news) {
            leave();
            resolve(news);
          },
          reject(error) {
            leave();
            reject(error);
          },
        };
        const timer = setTimeout(
          () => listener.reject(new Error(`${missing} in ${patienceMs / 1_000} seconds`)),
          patienceMs,
        );
        waiting.add(listener);
      });
    },
    close() {
      for (const { reject } of waiting) reject(new Error('the bot has ended'));
    },
  };
}

const nameOf = (place: Place): string => (place.kind === 'room' ? place.room : place.person);
