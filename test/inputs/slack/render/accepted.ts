import type { Block, Rendered } from '../../../../src/inputs/slack/rendered.ts';
import { checkBlocks, complaints } from '../../../support/slack/blocks.ts';
import { liveMarkup, type Ours } from '../../../support/slack/live.ts';

type Json = Readonly<Record<string, unknown>>;

/** Exactly the shapes that we make, each with its keys: whatever else is there would be of a service's making. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  rich_text: ['type', 'elements'],
  rich_text_section: ['type', 'elements'],
  rich_text_preformatted: ['type', 'elements'],
  rich_text_list: ['type', 'style', 'elements'],
  text: ['type', 'text', 'style'],
  link: ['type', 'url', 'text'],
  user: ['type', 'user_id'],
  table: ['type', 'column_settings', 'rows'],
  raw_text: ['type', 'text'],
  actions: ['type', 'elements'],
  button: ['type', 'action_id', 'text', 'value', 'style'],
  plain_text: ['type', 'text', 'emoji'],
  context: ['type', 'elements'],
};

/** Control codes and what turns the reading direction around: a person must not get them as they are. */
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;
const longest = { element: 3_000, table: 10_000, json: 11_500, text: 300 } as const;

/** What may act in a message: the one person who is mentioned, and where link documents lead. */
export interface Allowed {
  readonly mention?: string;
  readonly urls?: readonly string[];
}

/** Why Slack would refuse the message, what of it would act, and what in it is not as we make it. */
export function problemsOf({ text, blocks }: Rendered, allowed: Allowed = {}): readonly string[] {
  const { mention } = allowed;
  const ours = mention === undefined ? '' : `<@${mention}> `;
  const theirs = text.startsWith(ours) ? text.slice(ours.length) : text;
  const withoutTable = blocks.filter(({ type }) => type !== 'table');
  return [
    ...refusal(() => checkBlocks(blocks)),
    ...liveMarkup({ text, blocks }, oursOf(allowed)),
    ...problemsOfBlocks(blocks),
    ...when(theirs.trim() === '', 'no text'),
    ...when(/[<>`]|&(?!amp;|lt;|gt;)/.test(theirs), `markup in ${theirs}`),
    ...when(acting.test(theirs), `a code in ${theirs}`),
    ...when(theirs.replace(/&(?:amp|lt|gt);/g, '_').length > longest.text, 'a long text'),
    ...when(JSON.stringify(withoutTable).length > longest.json, 'large blocks'),
  ];
}

/** The same for the app's tab. */
export const problemsOfHome = (blocks: readonly Block[], allowed: Allowed = {}): readonly string[] => [
  ...complaints(blocks, 'home'),
  ...liveMarkup({ blocks }, oursOf(allowed)),
  ...problemsOfBlocks(blocks),
];

const oursOf = ({ mention, urls = [] }: Allowed): Ours => ({ urls, users: mention === undefined ? [] : [mention] });

const problemsOfBlocks = (blocks: readonly Block[]): readonly string[] => [
  ...when(blocks.length === 0, 'no blocks'),
  ...nodesOf(blocks).flatMap(problemsOfNode),
];

function problemsOfNode(node: Json): readonly string[] {
  const { type, text, elements, url } = node;
  const keys = shapes[String(type)] ?? [];
  return [
    ...Object.keys(node).flatMap((key) => when(!keys.includes(key), `${String(type)}.${key}`)),
    // Slack says that an element is missing.
    ...when(Array.isArray(elements) && elements.length === 0, `an empty ${String(type)}`),
    ...(typeof text === 'string' ? problemsOfText(text) : []),
    ...when(type === 'plain_text' && node['emoji'] !== false, 'emoji'),
    ...when(type === 'link' && !/^https?:\/\/[a-z0-9[]/i.test(String(url)), `a link to ${String(url)}`),
    ...(type === 'table' ? problemsOfTable(node['rows'] as readonly (readonly Json[])[]) : []),
  ];
}

const problemsOfText = (text: string): readonly string[] => [
  ...when(text.length > longest.element, 'a long element'),
  ...when(acting.test(text), `a code in ${text}`),
];

function problemsOfTable(rows: readonly (readonly Json[])[]): readonly string[] {
  const characters = rows.flat().reduce((sum, cell) => sum + String(cell['text']).length, 0);
  return [
    ...when(characters > longest.table, 'a large table'),
    ...when(
      rows.some((row) => row.length !== rows[0]?.length),
      'rows of several lengths',
    ),
  ];
}

function refusal(check: () => void): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [`refused: ${JSON.stringify(error)} ${String(error)}`];
  }
}

const when = (isSo: boolean, problem: string): readonly string[] => (isSo ? [problem] : []);

/** Every object that has a type, however deep. */
function nodesOf(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Json;
  return [...('type' in node ? [node] : []), ...Object.values(node).flatMap(nodesOf)];
}
