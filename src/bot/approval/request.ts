import type { Access, Identity, Person } from '../../access/access.ts';
import type { Wanted } from './approvals.ts';

/** Letters of the code of a request. */
export const codeLength = 6;

/** What somebody asked for, and how far it has come. */
export interface Request {
  readonly code: string;
  readonly wanted: Wanted;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
  readonly until: number;
  readonly isConfirmed: boolean;
  /** Those who agreed, in order. */
  readonly approvers: readonly Identity[];
}

/** A clock that was put back by more than that must not make anything wait for longer. */
const toleranceMs = 60_000;

/** Nobody can let it run any more. */
export const isOld = ({ askedAt, until }: Request, now: number): boolean => now >= until || now < askedAt - toleranceMs;

/** What it waits for. */
export type Stage = 'confirmation' | 'approval' | 'nothing';

export function stageOf({ wanted, isConfirmed, approvers }: Request): Stage {
  if (wanted.confirm && !isConfirmed) return 'confirmation';
  return approvers.length < wanted.approvals ? 'approval' : 'nothing';
}

/** The one who asked, by whatever account: as they were known then, or as they are known now. */
export const isAsker = ({ wanted }: Pick<Request, 'wanted'>, person: Person, access: Access): boolean =>
  person.id === wanted.person || person.id === access.personOf(wanted.identity).id;

/**
 * Why somebody other than the one who asked may not agree; undefined when they may. Where no scope is wanted, anybody would do: then it must
 * be somebody whom the access file names, if it names anybody.
 */
export function unfit(
  { wanted: { scopes } }: Pick<Request, 'wanted'>,
  person: Person,
  access: Access,
): string | undefined {
  if (!person.isKnown) return 'the network does not say for sure who you are';
  const lacking = scopes.filter((scope) => !person.roles.has(scope));
  if (lacking.length > 0) return `that takes ${lacking.join(' and ')}, which you do not hold`;
  if (scopes.length > 0) return undefined;
  const named = access.everybody();
  return named.length === 0 || named.some(({ id }) => id === person.id)
    ? undefined
    : 'only somebody whom the access file names can approve it';
}

/** Those who agreed and still may: each of them once, none of them the one who asked. */
export function standing(request: Pick<Request, 'wanted' | 'approvers'>, access: Access): readonly Identity[] {
  const seen = new Set<string>();
  return request.approvers.filter((identity) => {
    const person = access.personOf(identity);
    if (seen.has(person.id) || isAsker(request, person, access)) return false;
    seen.add(person.id);
    return unfit(request, person, access) === undefined;
  });
}

/** Who could be asked for it by name. */
export const approversOf = (request: Request, access: Access): readonly Person[] => {
  const asker = access.personOf(request.wanted.identity).id;
  return access
    .everybody()
    .filter(
      (person) =>
        person.id !== asker && person.id !== request.wanted.person && unfit(request, person, access) === undefined,
    );
};
