/** Where and why a text is no JSON. The message names line and column (both from 1) and shows the place below. */
export class JsonError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(reason: string, text: string, offset: number) {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const start = before.lastIndexOf('\n') + 1;
    const column = Array.from(text.slice(start, offset)).length + 1;
    super(`${reason} at line ${line} column ${column}\n${excerpt(text, start, offset)}`);
    this.name = 'JsonError';
    this.line = line;
    this.column = column;
  }
}

const reach = 40;

/** The line around the place, at most `reach` characters to either side, and a caret under the place. */
function excerpt(text: string, start: number, offset: number): string {
  const end = text.indexOf('\n', offset);
  const left = Array.from(text.slice(start, offset));
  const right = Array.from(text.slice(offset, end === -1 ? undefined : end));
  const shownLeft = left.length > reach ? ['…', ...left.slice(-reach)] : left;
  const shownRight = right.length > reach ? [...right.slice(0, reach), '…'] : right;
  return `${[...shownLeft, ...shownRight].map(cell).join('').trimEnd()}\n${' '.repeat(shownLeft.length)}^`;
}

/** One character stays one column, or the caret would point elsewhere. */
const cell = (char: string): string => (/[\u0000-\u001f\u007f-\u009f]/.test(char) ? ' ' : char);
