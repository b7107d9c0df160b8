import { setTimeout as wait } from 'node:timers/promises';
import type { Proof } from '../proof.ts';
import { type Account, createAccountant } from './account.ts';
import { type Books, type Driver, newBooks } from './books.ts';
import { openKept } from './keeping.ts';
import { type Mortal, startMortal } from './mortal.ts';

/** So many runs share an audit: it is read as a whole after each. */
const runsAnAudit = 20;
/** A process needs about so long to have its audit open. */
const openingMs = 600;
/** Of every other audit so many full parts are kept: more than is written between two looks at it. */
const kept = 10;
/** That audit has so many records from before, so that what is not kept goes while it is killed. */
const before = 8_000;

const goal =
  'the chain is whole each time, what ran has a record and ran once, what was running has ended as unknown, everything that began has one end, and no secret is in it';
const killed = 'a bot that 40 people talk to';

export const auditKill: Proof = proofOf('file', {
  name: 'audit kill',
  kills: 200,
  what: (kills) => `${killed} is killed at ${kills} random moments, one in five of them while it opens its audit`,
});

export const auditLevel: Proof = proofOf('level', {
  name: 'audit level',
  kills: 50,
  what: (kills) =>
    `${killed} and that has its audit in LevelDB is killed at ${kills} random moments, one in five of them while it opens it`,
});

interface Story {
  readonly name: string;
  readonly kills: number;
  readonly what: (kills: number) => string;
}

function proofOf(driver: Driver, { name, kills, what }: Story): Proof {
  return {
    name,
    what: what(kills),
    goal,
    async run(share) {
      const times = Math.max(4, Math.round(kills * share));
      const sums = { records: 0, begun: 0, unknown: 0, torn: 0, removed: 0, faults: 0 };
      for (let done = 0; done < times; done += runsAnAudit) {
        const keep = (done / runsAnAudit) % 2 === 0 ? kept : undefined;
        const account = await live(driver, keep, Math.min(runsAnAudit, times - done));
        for (const fault of account.faults.slice(0, 20)) console.error(`${name}: ${fault}`);
        sums.records += account.records;
        sums.begun += account.begun;
        sums.unknown += account.unknown;
        sums.torn += account.torn;
        sums.removed += account.removed;
        sums.faults += account.faults.length;
      }
      const { records, begun, unknown, torn, removed, faults } = sums;
      const figure = `${times} kills, ${begun} commands ran, ${records} records, ${removed} of them not kept, ${unknown} ended as unknown, ${torn} torn lines put aside, ${faults} faults`;
      // Without any, nothing was running when it was killed, and nothing was shown.
      return { figure, met: faults === 0 && begun > 0 && unknown > 0 };
    },
  };
}

/** One audit, through so many kills. */
async function live(driver: Driver, keep: number | undefined, times: number): Promise<Account> {
  const books = newBooks(driver, keep);
  const accountant = createAccountant(books);
  const faults: string[] = [];
  let mortal: Mortal | undefined;
  try {
    if (keep !== undefined) await fill(books, before);
    for (let kill = 0; kill < times; kill += 1) {
      mortal = startMortal(books);
      if (kill % 5 === 4) {
        await wait(Math.random() * openingMs);
      } else {
        await mortal.opened;
        mortal.go();
        await wait(20 + Math.random() * 200);
      }
      await mortal.kill();
      // What is killed next while it is opened finds all as this one left it.
      if (kill % 5 !== 3) faults.push(...(await accountant.account()).faults);
    }
    const last = await accountant.account();
    return { ...last, faults: [...faults, ...last.faults] };
  } finally {
    await mortal?.kill();
    books.remove();
  }
}

async function fill(books: Books, records: number): Promise<void> {
  const audit = await openKept({ ...books, keep: undefined });
  const one = { kind: 'note', what: 'before', person: 'ann', details: {} } as const;
  await Promise.all(Array.from({ length: records }, () => audit.write(one)));
  await audit.close();
}
