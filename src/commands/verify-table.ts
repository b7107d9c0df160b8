import { type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { formatDuration } from '../runtime/duration.ts';
import { shorten } from './declared.ts';
import type { Check } from './verify-service.ts';

/** Each row is shown when it is known, so they are no table. */
export const titles: Document = text(['Service', 'Version', 'Command', 'Example', 'Result', 'Time'].join('\t'));

export const rowOf = (check: Check): Document =>
  text(
    [check.service, check.version, check.command, check.example, resultOf(check), timeOf(check)]
      .map(oneLine)
      .join('\t'),
  );

function resultOf(check: Check): string {
  switch (check.kind) {
    case 'ok':
    case 'no example':
      return check.kind;
    case 'planned':
      return `planned: ${check.why}`;
    case 'failed':
      return `failed: ${shorten(check.why)}`;
    default:
      return check satisfies never;
  }
}

function timeOf(check: Check): string {
  const tookMs = 'tookMs' in check ? check.tookMs : undefined;
  return tookMs === undefined ? '' : formatDuration(Math.max(1, Math.round(tookMs)) * 1e6);
}

/** `3 ok, 1 planned, 1 failed`: what there is of each. */
export function counted(checks: readonly Check[]): string {
  const number = (kind: Check['kind']): number => checks.filter((check) => check.kind === kind).length;
  const kinds = ['ok', 'planned', 'failed', 'no example'] as const;
  const parts = kinds.map((kind) => [number(kind), kind] as const).filter(([count]) => count > 0);
  const told = parts.map(([count, kind]) =>
    kind === 'no example' ? `${count} without an example` : `${count} ${kind}`,
  );
  return told.join(', ');
}
