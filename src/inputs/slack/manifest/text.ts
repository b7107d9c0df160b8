import type { Manifest } from './manifest.ts';
import type { Refused } from './slash.ts';

/** As Slack's editor takes it. What was refused is told in comments, which JSON has none of. */
export function manifestText(manifest: Manifest, format: 'json' | 'yaml', refused: readonly Refused[] = []): string {
  switch (format) {
    case 'json':
      return JSON.stringify(manifest, undefined, 2);
    case 'yaml':
      return [...refused.map(comment), ...lines(manifest as unknown as Value)].join('\n');
    default:
      return format satisfies never;
  }
}

const comment = ({ command: { name, service }, reason }: Refused): string =>
  `# left out: ${JSON.stringify(`/${name}`)}${service === '' ? '' : ` of ${JSON.stringify(service)}`}: ${reason}`;

type Value = string | boolean | readonly Value[] | { readonly [key: string]: Value };

/** Lines of YAML, whose every text is quoted. */
function lines(value: Value): readonly string[] {
  if (typeof value !== 'object') return [quoted(value)];
  if (isList(value)) {
    return value.flatMap((item) => indented(lines(item)).map((line, at) => (at === 0 ? `-${line.slice(1)}` : line)));
  }
  return Object.entries(value).flatMap(([key, item]) => {
    if (typeof item !== 'object') return [`${key}: ${quoted(item)}`];
    return [`${key}:`, ...indented(lines(item))];
  });
}

/** In JSON's quotes a text is the same text in YAML, but for characters that YAML takes for the end of a line, or not at all. */
const quoted = (value: string | boolean): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Also when it cannot be changed. */
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const indented = (all: readonly string[]): readonly string[] => all.map((line) => `  ${line}`);
