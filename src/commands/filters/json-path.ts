/** One step into a JSON value. `each` goes on with all elements of an array. */
export type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'element'; readonly index: number }
  | { readonly kind: 'each' };

const steps: readonly (readonly [pattern: RegExp, step: (match: RegExpExecArray) => Step])[] = [
  [/\.?\[\]/y, () => ({ kind: 'each' })],
  [/\.?\[(-?\d{1,9})\]/y, (match) => ({ kind: 'element', index: Number(match[1]) })],
  [/\.?\[("(?:[^"\\]|\\.)*")\]/y, ([, quoted = '']) => member(quoted)],
  [/\.("(?:[^"\\]|\\.)*")/y, ([, quoted = '']) => member(quoted)],
  [/\.([^\s.[\]"]+)/y, ([, name = '']) => ({ kind: 'member', name })],
];

/** Each step goes through what the one before has found. */
const maxSteps = 100;

/** Reads `.items[].name`, `[0]`, `."a b"`; the first dot may be left out. Undefined for what is no path. */
export function readPath(typed: string): readonly Step[] | undefined {
  if (typed === '.') return [];
  const text = /^[.[]/.test(typed) ? typed : `.${typed}`;
  const path: Step[] = [];
  let at = 0;
  try {
    while (at < text.length) {
      const step = readStep(text, at);
      if (step === undefined || path.length === maxSteps) return undefined;
      path.push(step.step);
      at = step.end;
    }
  } catch {
    return undefined;
  }
  return path.length === 0 ? undefined : path;
}

function readStep(text: string, at: number): { readonly step: Step; readonly end: number } | undefined {
  for (const [pattern, step] of steps) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { step: step(match), end: pattern.lastIndex };
  }
  return undefined;
}

const member = (quoted: string): Step => ({ kind: 'member', name: String(JSON.parse(quoted)) });

/** The steps as a person writes them. */
export const writePath = (path: readonly Step[]): string =>
  path.length === 0
    ? '.'
    : path
        .map((step) => {
          switch (step.kind) {
            case 'each':
              return '[]';
            case 'element':
              return `[${step.index}]`;
            case 'member':
              return /^[^\s.[\]"]+$/.test(step.name) ? `.${step.name}` : `.${JSON.stringify(step.name)}`;
            default:
              return step satisfies never;
          }
        })
        .join('');
