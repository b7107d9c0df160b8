import type { Decision, Wish } from '../../access/access.ts';
import type { PlannedNode } from '../../commands/plan.ts';
import { type Document, type Field, text } from '../../document/document.ts';
import type { UsedAlias } from '../alias/aliases.ts';
import type { Stage } from './compile.ts';

/** More nodes are only counted. */
const mostNodes = 20;

/** What a line would do, for `--plan`: nothing of it is done. */
export async function explain(
  { command, plan }: Stage,
  shown: string,
  names: readonly UsedAlias[],
  wish: Wish,
  decision: Decision,
  mask: (text: string) => string,
): Promise<Document> {
  const { target, parameters } = plan;
  const nodes = await plan.nodes?.();
  const lock = plan.lock ?? command.lock;
  const fields: readonly Field[] = [
    { name: 'Line', value: shown },
    ...names.map((each) => ({ name: 'Alias', value: mask(describe(each)) })),
    { name: 'Command', value: wish.commands.join(', ') },
    { name: 'Effect', value: wish.effect === 'read' ? 'reads' : 'may change something' },
    ...(target === undefined
      ? []
      : [{ name: 'Calls', value: [target.service, target.version, target.endpoint].filter(Boolean).join(' ') }]),
    ...[...parameters].map(([name, values]) => ({ name: `  ${name}`, value: values.map(mask).join(', ') })),
    ...(lock === undefined ? [] : [{ name: 'Lock', value: ['one at a time', ...lock].join(' for each ') }]),
    { name: 'You', value: decision.person },
    {
      name: decision.isAllowed ? 'Allowed' : 'Refused',
      value: decision.why === '' ? 'there are no rules' : decision.why,
    },
    ...(decision.isAllowed ? needs(decision) : []),
  ];
  return {
    kind: 'group',
    parts: [
      text('This is a plan: nothing was run.'),
      { kind: 'fields', fields },
      ...(decision.path.length === 0 ? [] : [{ kind: 'list', items: decision.path } as const]),
      ...(nodes === undefined ? [] : [nodeTable(nodes)]),
    ],
  };
}

const describe = ({ name, line, maker, isRooms }: UsedAlias): string =>
  `${name}, by ${maker}${isRooms ? ' for this room' : ''}: ${line}`;

const needs = ({ confirm, approvals, scopes }: Decision & { readonly isAllowed: true }): readonly Field[] => [
  ...(confirm ? [{ name: 'Needs', value: 'your confirmation' }] : []),
  ...(approvals === 0
    ? []
    : [
        {
          name: 'Needs',
          value: `${approvals} of those who hold ${scopes.length === 0 ? 'what it takes' : scopes.join(' and ')}`,
        },
      ]),
];

function nodeTable(nodes: readonly PlannedNode[]): Document {
  if (nodes.length === 0) return text('No node could take it now.');
  const more = nodes.length - mostNodes;
  return {
    kind: 'group',
    gap: 0,
    parts: [
      text('It would go to one of:'),
      {
        kind: 'table',
        columns: ['node', 'version', 'address'].map((title) => ({ title })),
        rows: nodes.slice(0, mostNodes).map(({ id, version, address }) => [id, version, address]),
      },
      ...(more > 0 ? [text(`… and ${more} more`)] : []),
    ],
  };
}
