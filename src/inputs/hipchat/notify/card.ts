import { randomUUID } from 'node:crypto';
import type { Document } from '../../../document/document.ts';
import { oneLine } from '../../../document/harmless.ts';

/** A notification as HipChat's newer clients show it, with named values side by side. */
export interface Card {
  readonly style: 'application';
  readonly format: 'medium';
  readonly id: string;
  readonly title: string;
  readonly attributes: readonly { readonly label: string; readonly value: { readonly label: string } }[];
}

const most = { fields: 10, name: 50, value: 200, title: 200 };

/** Named values become a card, where they are few and short. Undefined for everything else: its message is shown. */
export function cardOf(document: Document, title: string): Card | undefined {
  if (document.kind !== 'fields' || document.fields.length === 0 || document.fields.length > most.fields)
    return undefined;
  const fields = document.fields.map(({ name, value }) => ({ name: oneLine(name), value: oneLine(value) }));
  const fits = fields.every(({ name, value }) => isWithin(name, most.name) && isWithin(value, most.value));
  if (!fits) return undefined;
  const shown = Array.from(oneLine(title).trim()).slice(0, most.title).join('');
  return {
    style: 'application',
    format: 'medium',
    id: randomUUID(),
    title: shown === '' ? 'micro' : shown,
    attributes: fields.map(({ name, value }) => ({ label: name, value: { label: value } })),
  };
}

const isWithin = (text: string, limit: number): boolean => text.trim() !== '' && text.length <= limit;
