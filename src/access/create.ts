import { breather } from '../async/breather.ts';
import type { Audit } from '../audit/audit.ts';
import { oneLine } from '../document/harmless.ts';
import type { Log } from '../log/log.ts';
import type { State } from '../state/state.ts';
import type { Access, Decision, Identity, Person, Question } from './access.ts';
import { alikeTo } from './alike.ts';
import { decide } from './decide.ts';
import { type Elsewhere, elsewhere, type Search } from './elsewhere.ts';
import type { BreakGlass, Elevations, EmergencyRules } from './elevation.ts';
import { AccessError } from './error.ts';
import { exposureOf } from './exposure.ts';
import { watchFile, type Watching } from './file.ts';
import { noLinks } from './kept-links.ts';
import type { KnownCommands } from './known.ts';
import { createLinks, type Links } from './links.ts';
import { load, unfollowed } from './load.ts';
import type { Defaults, Policy } from './policy.ts';
import { isAmong, type Profile } from './profile.ts';
import { createProfiles } from './profiles.ts';
import { relevance } from './relevant.ts';
import { createRemarks } from './remarks.ts';
import type { UnknownName } from './unknown-name.ts';

export interface AccessOptions {
  /** The access file, in YAML or JSON. Without one nobody holds a role, but who sits at the console. */
  readonly file?: string | undefined;
  /** What would stand in a file, in place of one: it stays as it is. */
  readonly text?: string | undefined;
  /** What is done without a file when no rule says anything. Default: reading is allowed, changing is not. */
  readonly defaults?: Partial<Defaults> | undefined;
  /** Keeps the links between accounts. */
  readonly state: State;
  readonly elevations?: Elevations | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  readonly log: Log;
  readonly audit?: Pick<Audit, 'write'> | undefined;
  /** Those that there are: a rule for an alias is one for its command. Absent: rules are for names alone. It may throw until there are some. */
  readonly commands?: (() => KnownCommands) | undefined;
  /** How long after the file was read services have to come, before the log is told which names in it nobody has. Default 10,000. */
  readonly settleMs?: number;
  /** How often the file is looked at, beside being watched. Default 5,000. */
  readonly pollMs?: number;
}

/** Somebody who may. */
export interface Able {
  readonly person: string;
  /** Of them, or of somebody who is the same to the rules. */
  readonly decision: Decision;
}

/** Access as a file has it. */
export interface FileAccess extends Access, EmergencyRules {
  /** Why the file as it is now does not count, and an earlier one does. */
  readonly problem: string | undefined;
  readonly file: string | undefined;
  /** Who else may write the file, as a sentence. */
  readonly exposure: string | undefined;
  /** Names in the file that nobody has at the moment. Empty while nobody can tell. */
  readonly unknown: readonly UnknownName[];
  readonly links: Links;
  /** The rules that count at the moment. */
  readonly policy: Policy;
  /** Those that are about a command, under any of its names. */
  rulesAbout(command: string): Pick<Policy, 'rules' | 'freezes'>;
  /** All that is known of a person of the file now; undefined for who is not in it. */
  profileOfPerson(person: string): Profile | undefined;
  /** All that is known of somebody now. */
  profileOf(identity: Identity): Profile;
  /** At once. */
  decide(question: Question): Decision;
  /** What `decide` would say if people of the file asked it, in the order of the file. Others have their turn meanwhile. */
  whoCan(question: Question): Promise<readonly Able[]>;
  /** Where and when else people of the file may what nobody of them may here and now. Others have their turn meanwhile. */
  elsewhere(question: Question): Promise<readonly Elsewhere[]>;
  close(): Promise<void>;
}

/**
 * Reads the file and follows it: it counts as a whole, or not at all. Rejects with an `AccessError` when the first cannot be used, and with a
 * `StateError` when the links cannot be read.
 */
export async function createAccess(options: AccessOptions): Promise<FileAccess> {
  const { file, text, state, elevations, now = Date.now, log, audit, commands } = options;
  const { pollMs = 5_000, settleMs = 10_000 } = options;
  const first =
    file === undefined ? { policy: await unfollowed(text, options.defaults), stamp: '', text: '' } : await load(file);
  let { policy, text: lastText } = first;
  /** What looked cut off. */
  let doubted: { readonly text: string; readonly since: number } | undefined;
  let about = relevance(policy, commands);
  let problem: string | undefined;
  let exposure: string | undefined;
  const remarks = createRemarks({ file, policy: () => policy, commands, settleMs, log });
  const remark = async (): Promise<void> => {
    remarks.renew();
    exposure = file === undefined ? undefined : await exposureOf(file);
    if (exposure !== undefined) log.warn(`the access file: ${exposure}`);
  };

  const links = createLinks({
    shelf: await state.shelf(
      'links',
      async (kept) => (await import('./kept-links-schema.ts')).readKeptLinks(kept),
      noLinks,
    ),
    policy: () => policy,
    changed: () => profiles.forget(),
    audit,
    log,
    now,
  });

  const profiles = createProfiles({ policy: () => policy, links, elevations });
  const judge = (profile: Profile, question: Question): Decision =>
    decide({ policy, question, profile, about: question.commands.map(about), now: now() });
  /** As they are at one moment, all by the same rules: what changes meanwhile is for the next who asks. */
  const survey = async (question: Question): Promise<Survey> => {
    const [rules, found] = [policy, question.commands.map(about)];
    const people = new Map<string, Profile>();
    const pause = breather();
    for (const person of rules.people.keys()) {
      people.set(person, profiles.ofPerson(person, rules));
      const rest = pause();
      if (rest !== undefined) await rest;
    }
    const at = now();
    return {
      people,
      alike: await alikeTo(found, people.values()),
      policy: rules,
      about: found,
      now: at,
      decide: (profile, asked, when) => decide({ policy: rules, question: asked, profile, about: found, now: when }),
    };
  };

  const reload = async (path: string): Promise<boolean> => {
    try {
      const next = await load(path);
      // Whoever writes it may be slow, or be interrupted: what was written first may well open what the rest would close.
      const isBeginning = next.text.length < lastText.length && lastText.startsWith(next.text);
      if (isBeginning && doubted?.text !== next.text) doubted = { text: next.text, since: performance.now() };
      if (isBeginning && doubted !== undefined && performance.now() - doubted.since < doubtMs) {
        throw new AccessError('unavailable', cutOff);
      }
      ({ policy, text: lastText } = next);
      doubted = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown trouble';
      const why = error instanceof AccessError ? { reason: oneLine(message) } : { error };
      if (message !== problem)
        log.warn('the access file cannot be used: the one before counts', { file: path, ...why });
      problem = message;
      return error instanceof AccessError && error.code === 'invalid';
    }
    about = relevance(policy, commands);
    profiles.forget();
    problem = undefined;
    log.info('the access file was read again', { file: path });
    await remark();
    const details = { file: path, people: String(policy.people.size), rules: String(policy.rules.length) };
    await audit
      ?.write({ kind: 'note', what: 'access file changed', person: '', details })
      .catch((error: unknown) =>
        log.warn('a change of the access file is missing in the audit', { file: path, error }),
      );
    return true;
  };

  const watching: Watching | undefined =
    file === undefined ? undefined : watchFile(file, { pollMs, stamp: first.stamp }, () => reload(file));

  await remark();
  return {
    links,
    get problem() {
      return problem;
    },
    get policy() {
      return policy;
    },
    decide: (question) => judge(profiles.of(question.identity), question),
    get exposure() {
      return exposure;
    },
    get unknown() {
      return remarks.unknown();
    },
    file,
    async whoCan(question) {
      const { people, alike, decide: judged, now: at } = await survey(question);
      const able = new Map<string, Decision>();
      const pause = breather();
      for (const { one, people: same } of alike) {
        const decision = judged(one, question, at);
        if (decision.isAllowed) for (const id of same) able.set(id, decision);
        const rest = pause();
        if (rest !== undefined) await rest;
      }
      return [...people.keys()].flatMap((person) => {
        const decision = able.get(person);
        return decision === undefined ? [] : [{ person, decision }];
      });
    },
    elsewhere: async (question) => elsewhere({ ...(await survey(question)), question }),
    profileOf: (identity) => profiles.of(identity),
    profileOfPerson: (person) => (policy.people.has(person) ? profiles.ofPerson(person, policy) : undefined),
    rulesAbout(command) {
      const { denies, needs, grants, freezes } = about(command);
      return { rules: [...denies, ...needs, ...grants].map(({ rule }) => rule), freezes };
    },
    personOf: (identity) => profiles.of(identity).person,
    everybody: (): readonly Person[] =>
      [...policy.people.keys()].map((person) => profiles.ofPerson(person, policy).person),
    breakGlass(identity): BreakGlass | undefined {
      const { emergency } = policy;
      if (emergency === undefined || !isAmong(emergency.people, profiles.standing(identity))) return undefined;
      const { roles, forMs, announce } = emergency;
      return { roles, forMs, announce };
    },
    async close() {
      await watching?.close();
      remarks.close();
    },
  };
}

/** The people of the file at one moment. */
type Survey = Omit<Search, 'question'>;

/** How long what looks cut off must stay as it is. */
const doubtMs = 3_000;

const cutOff =
  'it looks cut off, as it is no more than the beginning of the file before: it counts when it stays like that for a few seconds';
