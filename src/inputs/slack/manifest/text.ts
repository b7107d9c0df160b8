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

/** In JSON's quotes a text is the same text in YAML, whatever is in it. */
function lines(value: Value): readonly string[] {
  if (typeof value !== 'object') return [JSON.stringify(value)];
  if (isList(value)) {
    return value.flatMap((item) => indented(lines(item)).map((line, at) => (at === 0 ? `-${line.slice(1)}` : line)));
  }
  return Object.entries(value).flatMap(([key, item]) => {
    if (typeof item !== 'object') return [`${key}: ${JSON.stringify(item)}`];
    return [`${key}:`, ...indented(lines(item))];
  });
}

/** Also when it cannot be changed. */
const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

const indented = (all: readonly string[]): readonly string[] => all.map((line) => `  ${line}`);
