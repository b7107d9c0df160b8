import type { Log } from '../../log/log.ts';
import { visibleName } from '../approval/visible.ts';
import type { Heading } from '../invocation/heading.ts';
import type { Whose } from './aliases.ts';
import type { Book } from './book.ts';
import type { Alias } from './kept.ts';

/** What somebody should read who says names that others made for the room; undefined when there are none. */
export function newsOf(
  used: readonly Alias[],
  { person, isKnown = true }: Whose,
  book: Book,
  log: Log,
): Heading | undefined {
  const others = used.filter(({ owner, maker }) => owner.kind === 'room' && maker !== person);
  if (others.length === 0) return undefined;
  const isNews = (alias: Alias): boolean => !isKnown || !alias.told.includes(person);
  const news = others.filter(isNews);
  let isTold = news.length === 0;
  return {
    text: news.map(sentence).join('\n'),
    get isKnown() {
      return isTold;
    },
    told() {
      isTold = true;
      // In the name of somebody who is not surely this person, nobody else's first time is used up.
      if (!isKnown) return;
      for (const alias of news) {
        book.tell(alias, person).catch((error: unknown) => log.warn('who was told of an alias is not kept', { error }));
      }
    },
  };
}

const sentence = ({ name, line, maker }: Alias): string =>
  `${name} is an alias of this room, made by ${visibleName(maker)}: ${visibleName(line)} (told once)`;
