import { text, type Document } from '../../../document/document.ts';
import { sizeOf, type Room } from './cut.ts';
import type { Desk } from './desk.ts';
import { type Content, envelopeBytes } from './stanza.ts';
import type { Target } from './target.ts';
import { wholeText, write } from './write.ts';

/** More messages than that are a file, if the server has a place for it. */
const fewMessages = 3;
/** Without one so many are still no flood. */
const mostMessages = 20;
/** How much of a file is shown. */
const excerptCharacters = 1_000;
const cut = text('(The rest is too long for messages.)');

/** The messages that show a document there. `before` is what the first one begins with. */
export async function contents(
  document: Document,
  target: Target,
  before: string,
  desk: Desk,
): Promise<readonly [Content, ...Content[]]> {
  const { hasFences, upload, voice, signal } = desk;
  const session = await voice.ready(target);
  const room = roomOf(target, session.maxStanzaBytes, desk);
  const all = write(document, { room, before, hasFences, most: mostMessages + 1 });
  if (all.length <= fewMessages) return all;
  const whole = wholeText(document);
  const file = await upload?.share(whole, session, signal);
  if (file === undefined) return shortened(all, write(cut, { room, before: '', hasFences, most: 1 })[0]);
  const note = `(All of it, ${whole.length} characters, is in the file that follows.)`;
  const small = {
    bytes: room.bytes - sizeOf(note).bytes - 4,
    characters: Math.min(excerptCharacters, room.characters),
  };
  const [excerpt] = write(document, { room: small, before, hasFences, most: 1 });
  const { body, isStyled } = excerpt;
  return [
    { body: `${body}\n${note}`, isStyled },
    { body: file, isStyled: false, file },
  ];
}

/** The first message alone, of what is shown for a while. */
export async function summary(
  document: Document,
  last: Document,
  target: Target,
  before: string,
  desk: Desk,
): Promise<Content> {
  const { hasFences, voice } = desk;
  const room = roomOf(target, (await voice.ready(target)).maxStanzaBytes, desk);
  const all = write(document, { room, before, hasFences, most: 2 });
  // What came last is worth more than what came first.
  return all.length === 1 ? all[0] : write(last, { room, before, hasFences, most: 1 })[0];
}

function shortened(all: readonly [Content, ...Content[]], note: Content): readonly [Content, ...Content[]] {
  const [first, ...others] = all;
  return all.length <= mostMessages ? all : [first, ...others.slice(0, mostMessages - 1), note];
}

const roomOf = (target: Target, maxStanzaBytes: number, { maxCharacters }: Desk): Room => ({
  bytes: Math.max(maxStanzaBytes - envelopeBytes(target), leastBytes),
  characters: maxCharacters,
});

/** No server takes less than ten thousand bytes; one that says so is not believed. */
const leastBytes = 1_000;
