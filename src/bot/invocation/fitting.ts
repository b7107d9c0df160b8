import { type Document, text } from '../../document/document.ts';
import { sizeOf } from '../../document/size.ts';

/** More is of no use to anybody in a chat, and to look through it and show it would hold everybody up. */
const mostCharacters = 1_000_000;

export const fits = (document: Document): boolean => sizeOf(document) <= mostCharacters;

/** Said in the place of what does not fit. */
export const tooLarge = (document: Document): Document =>
  text(
    `the answer has ${millions(sizeOf(document))} characters, and no more than ${millions(mostCharacters)} are shown here: ` +
      'take a part of it (| head 20, | grep TEXT, | json .path, | count). On a command line, micro call writes all that a service answers.',
  );

/** The same of what would have to be looked through for secrets. */
export const unsearchable = (document: Document): Document =>
  text(
    `the answer has ${millions(sizeOf(document))} characters, and no more than ${millions(mostCharacters)} are looked through ` +
      'for the secrets of this command: nothing of it is shown. Ask for less.',
  );

/** Why something failed, or that it was said in too many words. */
export const fittingWords = (words: string): string =>
  words.length <= mostCharacters
    ? words
    : `error executing cmd: it failed, and says so in ${millions(words.length)} characters, of which no more than ${millions(mostCharacters)} are shown here`;

const millions = (characters: number): string => `${Math.ceil(characters / 100_000) / 10} million`;
