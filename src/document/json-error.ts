/** Where and why a text is no JSON. The message names line and column (both from 1) and shows the place below. */
export class JsonError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(reason: string, text: string, offset: number) {
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    const line = linesBefore(text, offset) + 1;
    const column = charactersIn(text, start, offset) + 1;
    super(`${reason} at line ${line} column ${column}\n${excerpt(text, start, offset)}`);
    this.name = 'JsonError';
    this.line = line;
    this.column = column;
  }
}

/** A text may be as long as the largest answer: it is gone through without a copy of it. */
function linesBefore(text: string, offset: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function charactersIn(text: string, start: number, end: number): number {
  let characters = 0;
  for (let at = start; at < end; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) characters += 1;
  return characters;
}

const reach = 40;
/** More than that many characters take, and one to tell that there are others. */
const enough = 2 * reach + 2;

/** The line around the place, at most `reach` characters to either side, and a caret under the place. */
function excerpt(text: string, start: number, offset: number): string {
  const end = text.indexOf('\n', offset);
  const left = Array.from(text.slice(Math.max(start, offset - enough), offset));
  const right = Array.from(text.slice(offset, Math.min(end === -1 ? text.length : end, offset + enough)));
  const shownLeft = left.length > reach ? ['…', ...left.slice(-reach)] : left;
  const shownRight = right.length > reach ? [...right.slice(0, reach), '…'] : right;
  return `${[...shownLeft, ...shownRight].map(cell).join('').trimEnd()}\n${' '.repeat(shownLeft.length)}^`;
}

/** One character stays one column, or the caret would point elsewhere. */
const cell = (char: string): string => (/[\u0000-\u001f\u007f-\u009f]/.test(char) ? ' ' : char);
