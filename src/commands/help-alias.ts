import { type Document, text } from '../document/document.ts';
import type { Command } from './command.ts';
import { note, type NamedLine } from './help-view.ts';
import type { CommandSet } from './set.ts';

const mostNames = 20;

/** What a name stands for that somebody made, who made it, how it goes away, and the command behind it. The first of them counts. */
export async function aboutAlias(
  set: CommandSet,
  [alias, ...others]: readonly [NamedLine, ...NamedLine[]],
  page: (command: Command) => Promise<Document>,
): Promise<Document> {
  const { name, line, what, forget } = alias;
  const behind = alias.command === undefined ? undefined : set.find(alias.command.split(' '))?.command;
  return {
    kind: 'group',
    parts: [
      {
        kind: 'group',
        gap: 0,
        parts: [
          text(`${name} is ${what}. It stands for:`),
          { kind: 'code', text: `  ${line}` },
          text(`${forget} - forgets it`),
          ...others.map((each) => text(`Not used, as yours comes first: ${each.what}, for ${each.line}`)),
        ],
      },
      behind === undefined ? text('Nobody answers to what is behind it at the moment.') : await page(behind),
    ],
  };
}

/** An alias that does nothing, since a command has its name. */
export const hiddenBy = (alias: NamedLine | undefined): readonly Document[] =>
  alias === undefined
    ? []
    : [
        text(
          `${alias.name} is also ${alias.what}, for ${alias.line}: not used, as the command comes first (${alias.forget})`,
        ),
      ];

/** The names that somebody can say where they are. */
export function namesHere(names: readonly NamedLine[]): readonly Document[] {
  const all = [...new Set(names.map(({ name }) => name))];
  if (all.length === 0) return [];
  const more = all.length > mostNames ? `, and ${all.length - mostNames} more` : '';
  return [note(`\nAliases here: ${all.slice(0, mostNames).join(', ')}${more} (help ${all[0] ?? ''} tells about one)`)];
}

/** A page with what follows it. */
export const together = (page: Document, more: readonly Document[], gap?: 0 | 1): Document =>
  more.length === 0 ? page : { kind: 'group', ...(gap === 1 ? {} : { gap: 0 }), parts: [page, ...more] };
