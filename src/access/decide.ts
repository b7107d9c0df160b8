import type { Decision, Question } from './access.ts';
import { isSurelyAbout, mayBeAbout } from './condition.ts';
import type { Freeze, Policy, Rule } from './policy.ts';
import { isAmong, type Profile } from './profile.ts';
import type { About } from './relevant.ts';

/** Who agrees where neither the command's author nor a rule says who may: nobody should be able to by accident. */
export const approver = 'approver';

export interface Matter {
  readonly policy: Policy;
  readonly question: Question;
  readonly profile: Profile;
  /** What the policy has about each of the question's commands, in their order. */
  readonly about: readonly About[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Who may do what. Everything that restricts comes first, and all of it counts; then something must open the command. It is the only place that
 * allows anything: docs/decisions/017-who-may.md.
 */
export function decide(matter: Matter): Decision {
  const { policy, question, profile, about } = matter;
  const { commands, effect, scopes } = question;
  const { person } = profile;
  const path: string[] = [whoIs(profile)];
  const refuse = (why: string): Decision => ({ isAllowed: false, person: person.id, why, path: [...path, why] });
  const [command] = commands;
  if (command === undefined) return refuse('nothing was asked for');
  path.push(effect === 'change' ? `${command} changes something` : `${command} only reads`);

  if (!person.isKnown && (effect === 'change' || scopes.length > 0 || question.confirm || question.approvals > 0)) {
    return refuse('the network does not vouch for who this is, and strangers may only read');
  }

  const freeze = effect === 'change' ? frozen(matter) : undefined;
  if (freeze !== undefined && profile.elevation === undefined) {
    return refuse(`no changes at the moment: ${freeze.because ?? 'a change freeze'} (${freeze.label})`);
  }
  if (freeze !== undefined) path.push(`${freeze.label} does not hold up an emergency`);

  const closed = commands.find((each) => !runsHere(matter, each));
  if (closed !== undefined) return refuse(`${closed} may not run in this room`);
  if (policy.limits.length > 0) path.push('the room is open for it');

  const denial = about.flatMap(({ denies }) => denies).find(({ rule, isNamed }) => denies(rule, matter, isNamed));
  if (denial !== undefined) {
    const { label, because } = denial.rule;
    return refuse(`${command} is not allowed${because === undefined ? '' : `: ${because}`} (${label})`);
  }

  const missing = scopes.filter((scope) => !person.roles.has(scope));
  if (missing.length > 0) return refuse(`${command} wants the role ${missing.join(' and ')}, as its author says`);
  if (scopes.length > 0) path.push(`holds ${scopes.join(' and ')}, which its author wants`);

  const needed = about.flatMap(({ needs }) => needs).filter(({ rule, isNamed }) => mayBeAbout(rule, question, isNamed));
  for (const { rule } of needed) {
    const lack = lackOf(rule, matter);
    if (lack !== undefined) {
      const reason = rule.because === undefined ? '' : `: ${rule.because}`;
      return refuse(`${command} wants ${lack} (${rule.label}${reason})`);
    }
    path.push(`${rule.label} has what it wants`);
  }

  let why = '';
  for (const [index, each] of commands.entries()) {
    const opened = opens(matter, index);
    if (opened === undefined) {
      const what = effect === 'change' ? 'changes something' : 'only reads';
      return refuse(`no rule opens ${each}, and what ${what} is refused by default`);
    }
    path.push(`${each}: ${opened}`);
    if (index === 0) why = opened;
  }

  const most = needed.reduce((most, { rule }) => Math.max(most, rule.approvals), question.approvals);
  const approvals = profile.elevation === undefined ? most : 0;
  if (approvals < most) path.push('approvals do not hold up an emergency');
  const wanted = new Set([...scopes, ...needed.flatMap(({ rule }) => rule.roles)]);
  return {
    isAllowed: true,
    person: person.id,
    why,
    path,
    confirm: question.confirm || needed.some(({ rule }) => rule.confirm),
    approvals,
    scopes: approvals > 0 && wanted.size === 0 ? [approver] : [...wanted],
  };
}

function whoIs({ person, groups, ownRoles, isOwner, elevation }: Profile): string {
  if (!person.isKnown) return `${person.id} is not vouched for by the network`;
  const parts = [
    ...(groups.length > 0 ? [`groups ${groups.join(', ')}`] : []),
    ...(isOwner
      ? ['every role, at the console of the bot']
      : ownRoles.length > 0
        ? [`roles ${ownRoles.join(', ')}`]
        : []),
    ...(elevation === undefined ? [] : [`in an emergency ${elevation.roles.join(', ')}`]),
  ];
  return parts.length === 0 ? `${person.id} has no roles` : `${person.id} has ${parts.join('; ')}`;
}

const frozen = ({ about, profile, now }: Matter): Freeze | undefined =>
  about
    .flatMap(({ freezes }) => freezes)
    .find((freeze) => {
      const { exceptRoles, exceptPeople } = freeze;
      if (exceptRoles.some((role) => profile.person.roles.has(role))) return false;
      if (exceptPeople !== undefined && (profile.isOwner || isAmong(exceptPeople, profile))) return false;
      return freeze.isOn(now);
    });

/** All entries about a room count; the one for the rest only where there is no other. */
function runsHere({ policy: { limits }, question }: Matter, command: string): boolean {
  if (limits.length === 0) return true;
  const { input } = question.identity;
  const here = limits.filter(({ room }) => !room.isRest && room.mayFit(input, question));
  const isSure = here.some(({ room }) => room.fits(input, question));
  const rest = isSure ? [] : limits.filter(({ room }) => room.isRest);
  return [...here, ...rest].every(({ commands }) => commands.some((each) => each.fits(command)));
}

/** A rule about people counts for whom it names, and for those of whom nobody knows who they are. */
function denies(rule: Rule, { question, profile, now }: Matter, isNamed: boolean): boolean {
  if (!mayBeAbout(rule, question, isNamed)) return false;
  const { people, roles, rooms, times } = rule;
  const held = [...profile.ownRoles, ...(profile.elevation?.roles ?? [])];
  return (
    (people === undefined || !profile.person.isKnown || isAmong(people, profile)) &&
    (roles.length === 0 || !profile.person.isKnown || roles.some((role) => held.includes(role))) &&
    (rooms === undefined || rooms.some((each) => each.mayFit(question.identity.input, question))) &&
    (times === undefined || times.some((each) => each.includes(now)))
  );
}

/** What somebody does not have that a rule names. Who sits at the console could as well put themselves into the file. */
function lackOf(rule: Rule, { question, profile, now }: Matter): string | undefined {
  const { people, roles, rooms, times } = rule;
  if (people !== undefined && !profile.isOwner && !isAmong(people, profile)) return `one of ${people.text}`;
  const missing = roles.filter((role) => !profile.person.roles.has(role));
  if (missing.length > 0) return `the role ${missing.join(' and ')}`;
  if (rooms !== undefined && !rooms.some((each) => each.fits(question.identity.input, question))) {
    return `the room ${rooms.map(({ text }) => text).join(' or ')}`;
  }
  if (times !== undefined && !times.some((each) => each.includes(now))) {
    return `a time in ${times.map(({ text }) => text).join(' or ')}`;
  }
  return undefined;
}

/** What lets somebody run a command against whom nothing stands; undefined when nothing does. */
function opens(matter: Matter, index: number): string | undefined {
  const { policy, question, profile, about } = matter;
  const { commands, scopes, effect } = question;
  const { needs = [], grants = [] } = about[index] ?? {};
  // A command that amounts to others has their scopes, which say nothing about the command itself.
  if (scopes.length > 0 && (index > 0 || commands.length === 1)) return `open to who holds ${scopes.join(' and ')}`;
  const hasWho = ({ people, roles }: Rule): boolean => people !== undefined || roles.length > 0;
  const rule =
    needs.find(({ rule, isNamed }) => isNamed && hasWho(rule) && isSurelyAbout(rule, question))?.rule ??
    grants.find(({ rule }) => isSurelyAbout(rule, question) && lackOf(rule, matter) === undefined)?.rule;
  if (rule !== undefined) return `open by ${rule.label}`;
  if (profile.isOwner) return 'open to who sits at the console of the bot';
  const isUnknownChange = !profile.person.isKnown && effect === 'change';
  if (policy.defaults[effect] === 'allow' && !isUnknownChange) {
    return effect === 'change' ? 'open to everybody by default' : 'reading is open to everybody by default';
  }
  return undefined;
}
