import type { Document, Table } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { formatDuration } from '../runtime/duration.ts';
import type { Members, Policy, Rule } from './policy.ts';

/** More are counted. */
const mostRows = 500;
const mostNames = 20;

/** A column without a value in any row is left out. */
function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): Table {
  const used = columns.map((_, index) => rows.some((row) => row[index] !== ''));
  return {
    kind: 'table',
    columns: columns.filter((_, index) => used[index]).map((title) => ({ title })),
    rows: rows.slice(0, mostRows).map((row) => row.filter((_, index) => used[index]).map(oneLine)),
  };
}

/** Under a title; nothing where there is nothing to show. */
const titled = (
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly Document[] =>
  rows.length === 0
    ? []
    : [
        {
          kind: 'group',
          gap: 0,
          parts: [
            { kind: 'text', text: `${title}:` },
            tableOf(columns, rows),
            ...(rows.length > mostRows ? [{ kind: 'text', text: `and ${rows.length - mostRows} more` } as const] : []),
          ],
        },
      ];

/** In the order in which they count: what denies, what is needed, what opens. */
export function ruleTable(title: string, rules: readonly Rule[]): readonly Document[] {
  const inOrder = (['deny', 'needs', 'grant'] as const).flatMap((kind) => rules.filter((rule) => rule.kind === kind));
  const columns = ['Rule', 'Does', 'Commands', 'With', 'People', 'Roles', 'Rooms', 'Times', 'Asks for', 'Because'];
  return titled(title, columns, inOrder.map(rowOf));
}

function rowOf(rule: Rule): readonly string[] {
  const { label, commands, effect, conditions, people, roles, rooms, times, because } = rule;
  return [
    label.replace(/^rule /, ''),
    wordFor(rule),
    textsOf(commands),
    [...(effect === undefined ? [] : [`what is a ${effect}`]), ...conditions.map(({ text }) => text)].join(', '),
    people?.text ?? '',
    roles.join(' and '),
    textsOf(rooms ?? []),
    textsOf(times ?? []),
    rule.kind === 'needs' ? asked(rule) : '',
    because ?? '',
  ];
}

function wordFor({ kind }: Rule): string {
  switch (kind) {
    case 'deny':
      return 'denies';
    case 'grant':
      return 'grants';
    case 'needs':
      return 'needs';
    default:
      return kind satisfies never;
  }
}

const asked = ({ confirm, approvals }: { readonly confirm: boolean; readonly approvals: number }): string =>
  [...(confirm ? ['a confirmation'] : []), ...(approvals > 0 ? [`approvals: ${approvals}`] : [])].join(', ');

const textsOf = (all: readonly { readonly text: string }[]): string => all.map(({ text }) => text).join(', ');

/** `now`: in milliseconds since the epoch. */
export const freezeTable = (freezes: Policy['freezes'], now: number): readonly Document[] =>
  titled(
    'Freezes',
    ['Freeze', 'Now', 'When', 'Commands', 'Except roles', 'Except people', 'Because'],
    freezes.map((freeze) => [
      freeze.label.replace(/^freeze /, ''),
      freeze.isOn(now) ? 'on' : 'off',
      freeze.when,
      textsOf(freeze.commands),
      freeze.exceptRoles.join(', '),
      freeze.exceptPeople?.text ?? '',
      freeze.because ?? '',
    ]),
  );

export const roomTable = ({ limits }: Policy): readonly Document[] =>
  titled(
    'What may run in a room at all',
    ['Room', 'Commands'],
    limits.map(({ room, commands }) => [room.isRest ? '* (all others)' : room.text, textsOf(commands)]),
  );

/** Each with those who are in it in the end, and with what asks for it. */
export function memberTables({ roles, groups, rules, freezes, emergency }: Policy): readonly Document[] {
  const wantedBy = (role: string): string =>
    [
      ...rules.filter((rule) => rule.roles.includes(role)),
      ...freezes.filter(({ exceptRoles }) => exceptRoles.includes(role)),
    ]
      .map(({ label }) => label)
      .join(', ');
  return [
    ...titled(
      'Roles',
      ['Role', 'Given to', 'Who that is', 'Named by'],
      [...roles].map(([name, members]) => [name, members.text, whoIs(members), wantedBy(name)]),
    ),
    ...titled(
      'Groups',
      ['Group', 'Members', 'Who that is'],
      [...groups].map(([name, members]) => [name, members.text, whoIs(members)]),
    ),
    ...titled(
      'In an emergency',
      ['Who', 'Takes', 'For', 'Announced in'],
      emergency === undefined
        ? []
        : [
            [
              emergency.people.text,
              emergency.roles.join(', '),
              formatDuration(emergency.forMs * 1e6),
              emergency.announce.map(({ input, room }) => `${input} ${room}`).join(', '),
            ],
          ],
    ),
  ];
}

function whoIs({ people, accounts, isEverybody }: Members): string {
  if (isEverybody) return 'whoever the network vouches for';
  const all = [...people, ...accounts.map(({ text }) => text)];
  const more = all.length > mostNames ? [`and ${all.length - mostNames} more`] : [];
  return all.length === 0 ? 'nobody' : [...all.slice(0, mostNames), ...more].join(', ');
}
