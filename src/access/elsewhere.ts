import { moment } from '../document/moment.ts';
import type { Decision, Question } from './access.ts';
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
/** Nobody reads on. */
const mostFound = 10;

/**
 * The rooms in which somebody may now, and the times at which somebody may here; where there is neither, rooms with times. Only what the rules name is
 * looked at: at a room of which the file knows an id or a name, as if it were all that there is to know.
 */
export function elsewhere(search: Search): readonly Elsewhere[] {
  const spots = spotsOf(search).slice(0, mostSpots);
  const times = timesOf(search).slice(0, mostTimes);
  const { identity, room, roomName, isDirect } = search.question;
  const here: Spot = { text: '', place: { input: identity.input, room, roomName, isDirect } };
  const now: Time = { text: '', at: search.now };
  const near = [...spots.map((spot) => [spot, now] as const), ...times.map((time) => [here, time] as const)];
  const found = findAmong(search, near);
  if (found.length > 0) return found;
  return findAmong(
    search,
    spots.flatMap((spot) => times.map((time) => [spot, time] as const)),
  );
}

function findAmong(search: Search, pairs: readonly (readonly [Spot, Time])[]): readonly Elsewhere[] {
  const found: Elsewhere[] = [];
  for (const [spot, time] of pairs) {
    if (found.length >= mostFound) break;
    const { input, ...scene } = spot.place;
    const question = { ...search.question, ...scene, identity: { ...search.question.identity, input } };
    const people = [...search.people].flatMap(([id, profile]) =>
      isOn(profile, spot.input) && search.decide(profile, question, time.at).isAllowed ? [id] : [],
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
function timesOf(search: Search): readonly Time[] {
  const { about, question, now } = search;
  const weekly = rulesOf(search).flatMap(({ kind, times = [] }) => (kind === 'deny' ? [] : times));
  const begun = (start: number, text: string): readonly Time[] =>
    weekly.flatMap((each) => {
      const at = each.nextFrom(start);
      return at === undefined || at === now ? [] : [{ at, text: text === '' ? each.text : `${each.text} ${text}` }];
    });
  const ends = [
    ...about
      .flatMap(({ freezes }) => (question.effect === 'change' ? freezes : []))
      .map((freeze) => (freeze.isOn(now) ? freeze.endOf(now) : undefined)),
    // A rule that denies may do so at times.
    ...rulesOf(search).flatMap(({ kind, times = [] }) =>
      kind === 'deny' ? times.map((each) => (each.includes(now) ? each.endFrom(now) : undefined)) : [],
    ),
  ].filter((end) => end !== undefined);
  const from = (end: number): string => `from ${moment(end, now)} on`;
  return [
    ...begun(now, ''),
    ...ends.map((end) => ({ at: end, text: from(end) })),
    ...ends.flatMap((end) => begun(end, from(end))),
  ];
}
