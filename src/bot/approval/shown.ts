import type { Access, Person } from '../../access/access.ts';
import type { Caller } from '../../commands/command.ts';
import type { Document, Field } from '../../document/document.ts';
import { text } from '../../document/document.ts';
import { moment } from '../../document/moment.ts';
import { formatDuration } from '../../runtime/duration.ts';
import { showCode } from '../../async/codes.ts';
import { approversOf, type Request, type Stage, stageOf } from './request.ts';
import { nameAndId, shorten, visible, visibleName } from './visible.ts';

/** More names than that are counted. */
const maxNames = 8;

/** A request in full: what would run, for whom, what is missing and how to go on. */
export function requestDocument(request: Request, access: Access, now: number): Document {
  const { wanted, code, until } = request;
  const stage = stageOf(request);
  return {
    kind: 'group',
    parts: [
      text(titleOf(request)),
      { kind: 'code', text: visible(wanted.shown) },
      {
        kind: 'fields',
        fields: [
          { name: 'Asked by', value: askerOf(request) },
          { name: 'Still missing', value: missingOf(request) },
          ...approverFields(request, access),
          { name: 'Until', value: `${moment(until, now)} (${remaining(until, now)})` },
        ],
      },
      text(`Say to me: ${wordsOf(stage)} ${showCode(code)}, or: deny ${showCode(code)}`),
      { kind: 'actions', actions: actionsOf(code, stage) },
    ],
  };
}

function titleOf({ wanted, approvers, ...request }: Request): string {
  if (stageOf({ wanted, approvers, ...request }) === 'confirmation') {
    return `${showCode(request.code)}: ${visibleName(wanted.identity.name)} has to confirm this before it runs`;
  }
  const left = wanted.approvals - approvers.length;
  return `${showCode(request.code)}: ${left === 1 ? 'one person' : `${left} people`} other than ${visibleName(wanted.identity.name)} must agree before this runs`;
}

/** What is missing, in a few words. */
export function missingOf(request: Request): string {
  const { wanted, approvers } = request;
  const left = wanted.approvals - approvers.length;
  const agreeing = left > 0 ? [`${left} of ${wanted.approvals} approvals`] : [];
  return stageOf(request) === 'confirmation' ? ['a confirmation', ...agreeing].join(', then ') : agreeing.join('');
}

function approverFields(request: Request, access: Access): readonly Field[] {
  const { approvals, scopes } = request.wanted;
  if (approvals === 0) return [];
  const holding = scopes.length === 0 ? '' : ` (whoever holds ${scopes.join(' and ')})`;
  return [{ name: 'May approve', value: `${namesOf(approversOf(request, access))}${holding}` }];
}

function namesOf(people: readonly Person[]): string {
  if (people.length === 0) return 'nobody known by name';
  const names = people.slice(0, maxNames).map(({ id }) => id);
  return [...names, ...(people.length > maxNames ? [`… and ${people.length - maxNames} more`] : [])].join(', ');
}

/** A display name alone could be anybody's. */
export const askerOf = ({ wanted: { identity, person } }: Pick<Request, 'wanted'>): string =>
  nameAndId(identity.name, person);

export const whoIs = ({ user, name = user }: Caller, { id }: Person): string => nameAndId(name, id);

const wordsOf = (stage: Stage): string => (stage === 'confirmation' ? 'confirm' : 'approve');

const actionsOf = (code: string, stage: Stage): readonly { readonly label: string; readonly line: string }[] =>
  stage === 'confirmation'
    ? [
        { label: 'Confirm', line: `confirm ${showCode(code)}` },
        { label: 'Cancel', line: `deny ${showCode(code)}` },
      ]
    : [
        { label: 'Approve', line: `approve ${showCode(code)}` },
        { label: 'Deny', line: `deny ${showCode(code)}` },
      ];

const remaining = (until: number, now: number): string =>
  `in ${formatDuration(Math.max(0, Math.round((until - now) / 1_000)) * 1e9)}`;

/** Those that wait, one a row, for somebody where they are. */
export function requestsDocument(
  requests: readonly Request[],
  caller: Caller,
  mayApprove: (request: Request) => boolean,
): Document {
  if (requests.length === 0) return text('Nothing waits for you.');
  return {
    kind: 'group',
    parts: [
      {
        kind: 'table',
        columns: ['Code', 'Command', 'Asked by', 'Still missing', 'Until'].map((title) => ({ title })),
        rows: requests.map((request) => [
          showCode(request.code),
          isOpen(request, caller) ? shorten(request.wanted.shown) : '(in private)',
          askerOf(request),
          missingOf(request),
          moment(request.until),
        ]),
      },
      text('approvals CODE shows one in full.'),
      {
        kind: 'actions',
        actions: requests.filter(mayApprove).map(({ code }) => ({
          label: `Show ${showCode(code)}`,
          line: `approvals ${showCode(code)}`,
        })),
      },
    ],
  };
}

/** What was asked for in private is not shown where others read along to who only wants to see what waits. */
const isOpen = ({ wanted: { isDirect, identity, place } }: Request, caller: Caller): boolean =>
  !isDirect ||
  caller.isDirect === true ||
  (place.kind === 'room' && identity.input === caller.input && place.room === caller.room);
