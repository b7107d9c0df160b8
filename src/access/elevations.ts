import { createWake } from '../async/wake.ts';
import type { Audit } from '../audit/audit.ts';
import { type Caller, type Command, CommandError } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import { moment } from '../document/moment.ts';
import { type Log, silent } from '../log/log.ts';
import type { State } from '../state/state.ts';
import type { Identity } from './access.ts';
import { breakGlassCommand } from './break-glass.ts';
import { type Held } from './elevation-kept.ts';
import { type AnnouncePlace, createCrier } from './elevation-crier.ts';
import { begins, elevatedDocument, ends, failed } from './elevation-shown.ts';
import type { BreakGlass, Elevation, Elevations, EmergencyRules } from './elevation.ts';

export interface ElevationsOptions {
  readonly state: State;
  /** As they are now. A throw means that nobody may. */
  readonly rules: () => EmergencyRules;
  /** Says it there. Rejects when it could not be said. */
  readonly announce: (place: AnnouncePlace, document: Document) => Promise<void>;
  readonly audit: Pick<Audit, 'write'>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** How long a room has to take an announcement. Default 5,000. */
  readonly announceMs?: number;
  /** How often it is asked whether the rules still let those who are elevated be so. Default 5,000. */
  readonly checkMs?: number;
  readonly log?: Log;
}

export interface RunningElevations extends Elevations {
  readonly commands: readonly Command[];
  /** Nothing is told any more. What is held is kept for the next start. Resolves when nothing is being written. */
  close(): Promise<void>;
}

/** A clock that was put back by more than that must not make anything longer. */
const toleranceMs = 60_000;

/** Opens what is still held from before. Throws a `StateError`. */
export async function createElevations(options: ElevationsOptions): Promise<RunningElevations> {
  const { state, rules, announce, audit, now = Date.now, announceMs = 5_000, checkMs = 5_000, log = silent } = options;
  const shelf = await state.shelf(
    'elevations',
    async (kept) => (await import('./elevation-schema.ts')).readHeld(kept),
    [],
  );
  const crier = createCrier({ announce, audit, announceMs, log });
  /** What counts. */
  const inForce = new Map<string, Held>();
  /** What is on the shelf, or on its way there. */
  const kept = new Map<string, Held>();
  const beginning = new Set<string>();

  const isOver = ({ since, until }: Elevation): boolean => now() >= until || now() < since - toleranceMs;
  let last: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    const saved = shelf.replace([...kept.values()]);
    last = saved.catch(() => {});
    return saved;
  };
  const find = (person: string): Held | undefined => {
    const held = inForce.get(person);
    return held === undefined || isOver(held) ? undefined : held;
  };

  const ruleFor = (identity: Identity): BreakGlass | undefined => {
    try {
      return rules().breakGlass(identity);
    } catch (error) {
      log.error('the rules for emergencies cannot be asked', { error });
      return undefined;
    }
  };

  /** It counts no more from now on; what is kept follows. False when a restart may bring it back for the rest of its time. */
  const end = async (held: Held, why: string): Promise<boolean> => {
    inForce.delete(held.person);
    kept.delete(held.person);
    const saved = save();
    crier.tell(held.announce, ends(held, why));
    const isKept = await saved.then(
      () => true,
      (error: unknown) => {
        log.error('an elevation that ended stays in the state', { person: held.person, error });
        return false;
      },
    );
    await crier.note('break-glass ended', held.person, { roles: held.roles.join(' '), why });
    return isKept;
  };

  const wake = createWake({
    now,
    next: () =>
      inForce.size === 0 ? undefined : Math.min(now() + checkMs, ...[...inForce.values()].map(({ until }) => until)),
    due: () => {
      for (const held of inForce.values()) {
        if (isOver(held)) void end(held, 'the time is up');
        else if (ruleFor(held.identity) === undefined) void end(held, 'the access file no longer allows it');
      }
    },
  });

  const refuse = async (person: string, roles: readonly string[], why: string): Promise<never> => {
    await crier.note('break-glass refused', person, { roles: roles.join(' '), why });
    throw new CommandError('failed', `the glass stays whole: ${why}`);
  };

  /** Durable, in the audit, and only then in force. Rejects with what keeps it from that. */
  const putInForce = async (held: Held, told: readonly string[]): Promise<void> => {
    const untold = held.announce.map(({ input, room }) => `${input} ${room}`).filter((room) => !told.includes(room));
    const { person, roles, reason, until } = held;
    await audit.write({
      kind: 'note',
      what: 'break-glass',
      person,
      details: {
        roles: roles.join(' '),
        reason,
        until: new Date(until).toISOString(),
        told: told.join(', '),
        ...(untold.length === 0 ? {} : { 'not told': untold.join(', ') }),
      },
    });
    const before = kept.get(person);
    kept.set(person, held);
    try {
      await save();
    } catch (error) {
      if (before === undefined) kept.delete(person);
      else kept.set(person, before);
      save().catch(() => {});
      throw error;
    }
    inForce.set(person, held);
    wake.reset();
  };

  const elevate = async (held: Held): Promise<Document> => {
    const { person, roles } = held;
    const told = await crier.ask(held.announce, begins(held, now()));
    if (told.length === 0) return refuse(person, roles, 'it could not be announced in any room');
    const giveUp = async (why: string): Promise<never> => {
      crier.tell(held.announce, failed(held, why));
      return refuse(person, roles, why);
    };
    if (ruleFor(held.identity) === undefined) return giveUp('the access file no longer allows it');
    try {
      await putInForce(held, told);
    } catch (error) {
      return giveUp(error instanceof Error ? error.message : String(error));
    }
    return text(
      `You hold ${roles.join(', ')} until ${moment(held.until)}; ${told.join(', ')} ${told.length === 1 ? 'was' : 'were'} told. End it with: break-glass off`,
    );
  };

  const begin = async (reason: string, caller: Caller): Promise<Document> => {
    const { input, user, name = user, isKnown = true, person } = caller;
    const identity: Identity = { input, user, name, isKnown };
    if (person === undefined || person === '' || !isKnown) {
      return refuse(person || `${input}:${user}`, [], 'it is not known for sure who you are');
    }
    const rule = ruleFor(identity);
    if (rule === undefined) return refuse(person, [], 'the access file does not let you break it');
    const current = find(person);
    if (current !== undefined && plain(current.reason) === plain(reason)) {
      throw new CommandError('failed', `you have until ${moment(current.until)}: more time takes a new reason`);
    }
    if (beginning.has(person)) throw new CommandError('failed', 'it is being announced already');
    beginning.add(person);
    const since = now();
    const { roles, announce: rooms, forMs } = rule;
    try {
      return await elevate({ person, identity, roles, announce: rooms, reason, since, until: since + forMs });
    } finally {
      beginning.delete(person);
    }
  };

  const late = shelf.current.filter(isOver);
  for (const held of shelf.current) {
    if (late.includes(held)) continue;
    inForce.set(held.person, held);
    kept.set(held.person, held);
  }
  for (const held of late) void end(held, 'the time was up while the bot was down');
  wake.reset();

  return {
    of: find,
    commands: [
      breakGlassCommand({
        begin,
        async end({ person = '' }) {
          const held = find(person);
          if (held === undefined) throw new CommandError('failed', 'you hold nothing more than usual');
          const isKept = await end(held, 'given back');
          return text(
            isKept
              ? `You no longer hold ${held.roles.join(', ')}.`
              : `You no longer hold ${held.roles.join(', ')}. That could not be kept: a restart before ${moment(held.until)} may give it back.`,
          );
        },
        show: () => elevatedDocument([...inForce.values()].filter((held) => !isOver(held))),
      }),
    ],
    async close() {
      wake.close();
      crier.close();
      await last;
    },
  };
}

const plain = (reason: string): string =>
  reason
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
