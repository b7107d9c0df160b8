import type { Value } from '../discovery/registry.ts';
import { oneLine } from '../document/harmless.ts';

/** Deeper shapes are cut: no service describes its messages so, and nobody reads them. */
const maxDepth = 16;

/** How a message looks: `{}`, or its fields one a line, indented by one TAB a level. */
export function formatValue(value: Value | undefined): string {
  if (value === undefined || value.values.length === 0) return '{}';
  return `{\n${value.values.map((field) => formatField(field, 1)).join('')}}`;
}

function formatField({ name, type, values }: Value, depth: number): string {
  const tabs = '\t'.repeat(depth);
  const head = `${tabs}${snakeCase(oneLine(name))} ${oneLine(type)}`;
  if (values.length === 0 || depth === maxDepth) return `${head}\n`;
  return `${head} {\n${values.map((field) => formatField(field, depth + 1)).join('')}${tabs}}\n`;
}

/** `UserID` → `user_id`, `HTTPServer` → `http_server`, `firstName` → `first_name`; what has underscores already stays as it is. */
export function snakeCase(name: string): string {
  return name
    .split('_')
    .map((part) => (part.match(/[A-Z]+(?![a-z])\d*|[A-Z]?[^A-Z]+|[A-Z]/g) ?? []).join('_').toLowerCase())
    .join('_');
}
