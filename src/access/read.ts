import { buildPolicy } from './build.ts';
import { AccessError } from './error.ts';
import type { Complain } from './names.ts';
import type { Policy } from './policy.ts';
import { readShape } from './shape.ts';
import { maxTold, type Path, readYaml, tell } from './yaml.ts';

/**
 * Reads an access file, which is YAML or JSON. Throws an `AccessError` (`invalid`) that tells each mistake with its line: nothing is guessed, and
 * no part of a file with a mistake counts.
 */
export function readPolicy(text: string): Policy {
  const source = readYaml(text);
  const { value } = source;
  const lineOf = (path: Path): number => source.lineOf(path);
  if (value === null || value === undefined) throw new AccessError('invalid', 'the file is empty');
  const mistakes: { readonly line: number; readonly text: string }[] = [];
  let untold = 0;
  const complain: Complain = (path, message) => {
    // To find the line takes a while, and nobody corrects so many at once.
    if (mistakes.length === maxTold) {
      untold += 1;
      return;
    }
    const line = lineOf(path);
    const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
    mistakes.push({ line, text: `line ${line}: ${where}${message}` });
  };
  const shape = readShape(value, complain);
  const policy = shape === undefined ? undefined : buildPolicy(shape, complain, lineOf);
  if (policy !== undefined && mistakes.length === 0) return policy;
  const told = mistakes.toSorted((one, other) => one.line - other.line).map(({ text }) => text);
  throw new AccessError('invalid', tell(told, untold));
}
