import { breather } from '../async/breather.ts';
import { moment } from '../document/moment.ts';
import type { Decision, Question } from './access.ts';
import type { Alike } from './alike.ts';
import { mayBeAbout } from './condition.ts';
import type { Place, Policy, RoomPattern, Rule } from './policy.ts';
import type { Profile } from './profile.ts';
import type { About } from './relevant.ts';
import { nowhere } from './room.ts';

/** Where and when people may what they may not here and now. */
export interface Elsewhere {
  /** `in #ops, mon-fri 09:00-17:00` */
  readonly when: string;
  readonly people: readonly string[];
}

export interface Search {
  readonly policy: Policy;
  readonly question: Question;
  /** Of the question's commands. */
  readonly about: readonly About[];
  readonly people: ReadonlyMap<string, Profile>;
  /** The same people, by what the rules see of them. */
  readonly alike: readonly Alike[];
  /** What would be decided if that person asked it at that moment. */
  readonly decide: (person: Profile, question: Question, at: number) => Decision;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Spot {
  readonly text: string;
  readonly place: Place;
  /** Undefined: people of any network can be there. */
  readonly input?: string;
}

interface Time {
  readonly text: string;
  readonly at: number;
}

const mostSpots = 20;
const mostTimes = 10;
/** Of people who may not be the same, in one place at one time: everybody waits for it. */
const mostDecisions = 5_000;
/** Nobody reads on. */
const mostFound = 10;

/**
 * The rooms in which somebody may now, and the times at which somebody may here; where there is neither, rooms with times. Only what the rules name is
 * looked at: at a room of which the file knows an id or a name, as if it were all that there is to know.
 */
export async function elsewhere(search: Search): Promise<readonly Elsewhere[]> {
  const spots = spotsOf(search).slice(0, mostSpots);
  const times = [...firstOf(timesOf(search), mostTimes)];
  const { identity, room, roomName, isDirect } = search.question;
  const here: Spot = { text: '', place: { input: identity.input, room, roomName, isDirect } };
  const now: Time = { text: '', at: search.now };
  const near = [...spots.map((spot) => [spot, now] as const), ...times.map((time) => [here, time] as const)];
  const found = await findAmong(search, near);
  if (found.length > 0) return found;
  return findAmong(
    search,
    spots.flatMap((spot) => times.map((time) => [spot, time] as const)),
  );
}

async function findAmong(search: Search, pairs: readonly (readonly [Spot, Time])[]): Promise<readonly Elsewhere[]> {
  const { alike } = search;
  const found: Elsewhere[] = [];
  const pause = breather();
  for (const [spot, time] of pairs.slice(0, Math.floor(mostDecisions / Math.max(1, alike.length)))) {
    if (found.length >= mostFound) break;
    const { input, ...scene } = spot.place;
    const question = { ...search.question, ...scene, identity: { ...search.question.identity, input } };
    const able = new Set<string>();
    for (const { one, people: same } of alike) {
      if (search.decide(one, question, time.at).isAllowed) for (const id of same) able.add(id);
      const rest = pause();
      if (rest !== undefined) await rest;
    }
    const people = [...search.people].flatMap(([id, profile]) =>
      able.has(id) && isOn(profile, spot.input) ? [id] : [],
    );
    const when = [spot.text, time.text].filter((each) => each !== '').join(', ');
    if (people.length > 0 && !found.some((each) => each.when === when)) found.push({ when, people });
  }
  return found;
}

const isOn = ({ ids }: Profile, input: string | undefined): boolean =>
  input === undefined || ids.some((id) => id.startsWith(`${input}:`));

/** Rules that may be about the question, whoever asks it. */
const rulesOf = ({ about, question }: Search): readonly Rule[] =>
  about.flatMap(({ denies, needs, grants }) =>
    [...needs, ...grants, ...denies].flatMap(({ rule, isNamed }) =>
      mayBeAbout(rule, question, isNamed) ? [rule] : [],
    ),
  );

function spotsOf(search: Search): readonly Spot[] {
  const { policy, question } = search;
  const { input } = question.identity;
  const rooms = [
    ...rulesOf(search).flatMap(({ kind, rooms: each = [] }) => (kind === 'deny' ? [] : each)),
    ...policy.limits.map(({ room }) => room),
  ];
  const isAnywhere = policy.limits.length === 0 && rulesOf(search).every((rule) => rule.rooms === undefined);
  const rest: Spot = { text: 'in other rooms', place: { ...nowhere, input } };
  return isAnywhere ? [] : [...rooms.filter(({ isRest }) => !isRest).map((room) => spotOf(room, input)), rest];
}

function spotOf(room: RoomPattern, asked: string): Spot {
  const { text } = room;
  const place = room.example(asked);
  const colon = text.indexOf(':');
  return {
    text: place.isDirect ? 'in a conversation with the bot alone' : `in ${text}`,
    place,
    ...(text.startsWith('#') || colon < 1 ? {} : { input: place.input }),
  };
}

/** When rules begin to have their times, now and after each freeze that is on. */
function* timesOf(search: Search): Generator<Time> {
  const { about, question, now } = search;
  const rules = rulesOf(search);
  const weekly = rules.flatMap(({ kind, times = [] }) => (kind === 'deny' ? [] : times));
  function* begun(start: number, text: string): Generator<Time> {
    for (const each of weekly) {
      const at = each.nextFrom(start);
      if (at !== undefined && at !== now) yield { at, text: text === '' ? each.text : `${each.text} ${text}` };
    }
  }
  yield* begun(now, '');
  const ends = [
    ...about
      .flatMap(({ freezes }) => (question.effect === 'change' ? freezes : []))
      .map((freeze) => (freeze.isOn(now) ? freeze.endOf(now) : undefined)),
    // A rule that denies may do so at times.
    ...rules.flatMap(({ kind, times = [] }) =>
      kind === 'deny' ? times.map((each) => (each.includes(now) ? each.endFrom(now) : undefined)) : [],
    ),
  ].filter((end) => end !== undefined);
  const from = (end: number): string => `from ${moment(end, now)} on`;
  for (const end of ends) yield { at: end, text: from(end) };
  for (const end of ends) yield* begun(end, from(end));
}

function* firstOf<T>(values: Iterable<T>, most: number): Generator<T> {
  let count = 0;
  for (const value of values) {
    if (count === most) return;
    yield value;
    count += 1;
  }
}
