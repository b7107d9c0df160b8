import type { Decision, Question } from './access.ts';
import { isSurelyAbout, mayBeAbout } from './condition.ts';
import type { Freeze, Policy, Rule } from './policy.ts';
import { isAmong, type Profile } from './profile.ts';
import type { About } from './relevant.ts';
import { isNameless } from './room.ts';

/** Who agrees where neither the command's author nor a rule says who may: nobody should be able to by accident. */
const approver = 'approver';

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
 * allows anything: docs/decisions/017-who-may.md. Every line passes here, so that it makes nothing it does not need.
 */
export function decide(matter: Matter): Decision {
  const { policy, question, profile, about } = matter;
  const { commands, effect, scopes } = question;
  const { person } = profile;
  const path: string[] = [profile.summary];
  const refuse = (why: string): Decision => {
    path.push(why);
    return { isAllowed: false, person: person.id, why, path };
  };
  const [command] = commands;
  const [own] = about;
  if (command === undefined || own === undefined) return refuse('nothing was asked for');
  path.push(own.effects[effect]);

  if (!person.isKnown && (effect === 'change' || scopes.length > 0 || question.confirm || question.approvals > 0)) {
    return refuse('the network does not vouch for who this is, and strangers may only read');
  }

  const freeze = effect === 'change' && policy.freezes.length > 0 ? frozen(matter) : undefined;
  if (freeze !== undefined && profile.elevation === undefined) {
    return refuse(`no changes at the moment: ${freeze.because ?? 'a change freeze'} (${freeze.label})`);
  }
  if (freeze !== undefined) path.push(`${freeze.label} does not hold up an emergency`);

  if (policy.limits.length > 0) {
    const closed = about.findIndex(({ names }) => !runsHere(matter, names));
    if (closed !== -1) {
      const hint = isNameless(question) ? ', or its name is not known yet: try again in a moment' : '';
      return refuse(`${commands[closed] ?? command} may not run in this room${hint}`);
    }
    path.push('the room is open for it');
  }

  for (const each of about) {
    for (const { rule, isNamed } of each.denies) {
      if (!denies(rule, matter, isNamed)) continue;
      return refuse(
        `${command} is not allowed${rule.because === undefined ? '' : `: ${rule.because}`} (${rule.label})`,
      );
    }
  }

  if (scopes.length > 0) {
    const missing = scopes.filter((scope) => !person.roles.has(scope));
    if (missing.length > 0) return refuse(`${command} wants the role ${missing.join(' and ')}, as its author says`);
    path.push(`holds ${scopes.join(' and ')}, which its author wants`);
  }

  let { confirm, approvals } = question;
  let wanted = scopes;
  for (const each of about) {
    for (const { rule, isNamed } of each.needs) {
      if (!mayBeAbout(rule, question, isNamed)) continue;
      const lack = lackOf(rule, matter);
      if (lack !== undefined) {
        const reason = rule.because === undefined ? '' : `: ${rule.because}`;
        return refuse(`${command} wants ${lack} (${rule.label}${reason})`);
      }
      path.push(`${rule.label} has what it wants`);
      confirm ||= rule.confirm;
      approvals = Math.max(approvals, rule.approvals);
      wanted = both(wanted, rule.roles);
    }
  }

  let why: string | undefined;
  for (let index = 0; index < commands.length; index += 1) {
    const opened = opens(matter, index);
    if (opened === undefined) {
      const what = effect === 'change' ? 'changes something' : 'only reads';
      return refuse(`no rule opens ${commands[index] ?? command}, and what ${what} is refused by default`);
    }
    path.push(`${commands[index] ?? command}: ${opened}`);
    why ??= opened;
  }

  if (approvals > 0 && profile.elevation !== undefined) {
    approvals = 0;
    path.push('approvals do not hold up an emergency');
  }
  if (approvals > 0 && wanted.length === 0) wanted = [approver];
  return { isAllowed: true, person: person.id, why: why ?? '', path, confirm, approvals, scopes: wanted };
}

/** Most often there is one role and nothing else, and then nothing is made. */
function both(some: readonly string[], more: readonly string[]): readonly string[] {
  if (more.length === 0) return some;
  return some.length === 0 && more.length === 1 ? more : [...new Set([...some, ...more])];
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
function runsHere({ policy: { limits }, question }: Matter, names: readonly string[]): boolean {
  const { input } = question.identity;
  const here = limits.filter(({ room }) => !room.isRest && room.mayFit(input, question));
  const isSure = here.some(({ room }) => room.fits(input, question));
  const rest = isSure ? [] : limits.filter(({ room }) => room.isRest);
  return [...here, ...rest].every(({ commands }) => commands.some((each) => names.some((name) => each.fits(name))));
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
  // A command that amounts to others has their scopes, which say nothing about the command itself.
  if (scopes.length > 0 && (index > 0 || commands.length === 1)) return `open to who holds ${scopes.join(' and ')}`;
  const { needs = [], grants = [] } = about[index] ?? {};
  for (const { rule, isNamed } of needs) {
    const hasWho = rule.people !== undefined || rule.roles.length > 0;
    if (!isNamed || !hasWho || !isSurelyAbout(rule, question)) continue;
    // Of a draft nobody has looked whether it has what the rule wants.
    if (question.isDraft !== true || lackOf(rule, matter) === undefined) return rule.opens;
  }
  for (const { rule } of grants) {
    if (isSurelyAbout(rule, question) && lackOf(rule, matter) === undefined) return rule.opens;
  }
  if (profile.isOwner) return 'open to who sits at the console of the bot';
  if (policy.defaults[effect] !== 'allow') return undefined;
  if (effect === 'read') return 'reading is open to everybody by default';
  return profile.person.isKnown ? 'open to everybody by default' : undefined;
}
