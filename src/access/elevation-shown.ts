import { type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { moment } from '../document/moment.ts';
import { formatDuration } from '../runtime/duration.ts';
import type { Held } from './elevation-kept.ts';

/** A display name alone could be anybody's. */
const holderOf = ({ identity, person }: Pick<Held, 'identity' | 'person'>): string =>
  identity.name === person ? person : `${oneLine(identity.name)} (${person})`;

const announcing = (title: string, held: Held, now: number): Document => ({
  kind: 'group',
  gap: 0,
  parts: [
    text(title),
    {
      kind: 'fields',
      fields: [
        { name: 'Reason', value: held.reason },
        { name: 'Until', value: `${moment(held.until, now)} (${formatDuration((held.until - held.since) * 1e6)})` },
      ],
    },
  ],
});

export const begins = (held: Held, now: number): Document =>
  announcing(`Break-glass: ${holderOf(held)} takes ${held.roles.join(', ')}`, held, now);

export const ends = (held: Held, why: string): Document =>
  text(`Break-glass: ${holderOf(held)} no longer holds ${held.roles.join(', ')}: ${why}`);

export const failed = (held: Held, why: string): Document =>
  text(`Break-glass: ${holderOf(held)} does not get ${held.roles.join(', ')}: ${why}`);

/** Who holds more than usual. */
export const elevatedDocument = (all: readonly Held[]): Document =>
  all.length === 0
    ? text('Nobody is elevated.')
    : {
        kind: 'table',
        columns: ['Who', 'Roles', 'Until', 'Reason'].map((title) => ({ title })),
        rows: all.map((held) => [holderOf(held), held.roles.join(', '), moment(held.until), held.reason]),
      };
