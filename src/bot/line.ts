import { type Arguments, CommandError } from '../commands/command.ts';
import { onlyCode, withoutFirstMarks } from './code.ts';
import { mendJson } from './json-quotes.ts';
import { columnAt, readWord } from './words.ts';

/** A typed line. Its words are split one by one, when somebody asks for them. */
export interface TypedLine extends Arguments {
  /** The first words, `count` at most. Ends before a quote that is never closed: the rest may be meant verbatim. */
  head(count: number): readonly string[];
  /** The same line without its first `count` words. */
  rest(count: number): Arguments;
}

const jsonStart = /^\s*[{[]/;

/** Reads `text`, which is one message to the bot without its name, or one command of it. */
export const typedLine = (text: string): TypedLine => new Line(withoutFirstMarks(text));

/** Reads what is given to a command: its first word may be code, and is no command. */
export const typedArguments = (text: string): Arguments => new Line(text);

// Classes here, because every message makes these: an object literal with a getter costs the engine a hidden class each time.

class Line implements TypedLine {
  readonly #text: string;
  readonly #values: string[] = [];
  /** Of the last word that was split. */
  #end = 0;
  #complete = false;
  #seeksEnds = true;
  #unclosed: { readonly quote: string; readonly at: number } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get words(): readonly string[] {
    this.#need(Number.POSITIVE_INFINITY);
    return this.#values.slice();
  }

  word(index: number): string | undefined {
    this.#need(index + 1);
    return this.#values[index];
  }

  after(count: number): string {
    if (!this.#need(count)) return '';
    const rest = this.#text.slice(this.#endOf(count)).trim();
    // Between marks nothing was changed by a telephone, or it was meant so.
    return onlyCode(rest) ?? (jsonStart.test(rest) ? mendJson(rest) : rest);
  }

  head(count: number): readonly string[] {
    this.#split(count);
    return this.#values.length <= count ? this.#values : this.#values.slice(0, count);
  }

  rest(count: number): Arguments {
    return new Rest(this, count);
  }

  /** Splits until `count` words are known, and no further. */
  #split(count: number): void {
    while (this.#values.length < count && !this.#complete && this.#unclosed === undefined) {
      const word = readWord(this.#text, this.#end, this.#seeksEnds);
      if (word === undefined) this.#complete = true;
      else if (word.kind === 'unclosed') this.#unclosed = word;
      else {
        if (word.isOpen) this.#seeksEnds = false;
        this.#values.push(word.value);
        this.#end = word.end;
      }
    }
  }

  /** Where the word before `count` ends. To read it again costs less than to keep the ends of all: hardly anybody asks. */
  #endOf(count: number): number {
    let end = 0;
    let seeksEnds = true;
    for (let index = 0; index < count; index += 1) {
      const word = readWord(this.#text, end, seeksEnds);
      if (word?.kind !== 'word') break;
      if (word.isOpen) seeksEnds = false;
      end = word.end;
    }
    return end;
  }

  /** False when there are fewer words. */
  #need(count: number): boolean {
    this.#split(count);
    if (this.#values.length >= count) return true;
    if (this.#unclosed === undefined) return false;
    const { quote, at } = this.#unclosed;
    throw new CommandError(
      'usage',
      `the quote ${quote} at column ${columnAt(this.#text, at)} is never closed. Write \\${quote} to mean the character`,
    );
  }
}

class Rest implements Arguments {
  readonly #line: Line;
  readonly #skipped: number;

  constructor(line: Line, skipped: number) {
    this.#line = line;
    this.#skipped = skipped;
  }

  get words(): readonly string[] {
    return this.#line.words.slice(this.#skipped);
  }

  word(index: number): string | undefined {
    return this.#line.word(index + this.#skipped);
  }

  after(count: number): string {
    return this.#line.after(count + this.#skipped);
  }
}
