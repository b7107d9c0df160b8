import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Proof } from '../proof.ts';
import { type Account, account } from './account.ts';
import { type Mortal, startMortal } from './mortal.ts';

const kills = 200;
/** So many runs share an audit: it is read as a whole after each. */
const runsAnAudit = 20;
/** A process needs about so long to have its audit open. */
const openingMs = 600;

export const auditKill: Proof = {
  name: 'audit kill',
  what: `a bot that 40 people talk to is killed at ${kills} random moments, one in five of them while it opens its audit`,
  goal: 'the chain is whole each time, what ran has a record and ran once, what was running has ended as unknown, and everything that began has one end',
  async run(share) {
    const times = Math.max(4, Math.round(kills * share));
    const sums = { records: 0, begun: 0, unknown: 0, torn: 0, faults: 0 };
    for (let done = 0; done < times; done += runsAnAudit) {
      const { faults, records, begun, unknown, torn } = await killed(Math.min(runsAnAudit, times - done));
      for (const fault of faults.slice(0, 20)) console.error(`audit kill: ${fault}`);
      sums.records += records;
      sums.begun += begun;
      sums.unknown += unknown.size;
      sums.torn += torn;
      sums.faults += faults.length;
    }
    const { records, begun, unknown, torn, faults } = sums;
    const figure = `${times} kills, ${begun} commands ran, ${records} records, ${unknown} ended as unknown, ${torn} torn lines put aside, ${faults} faults`;
    // Without any, nothing was running when it was killed, and nothing was shown.
    return { figure, met: faults === 0 && begun > 0 && unknown > 0 };
  },
};

/** One audit, through so many kills. */
async function killed(times: number): Promise<Account> {
  const folder = mkdtempSync(join(tmpdir(), 'micro-audit-'));
  const [path, ledger] = [join(folder, 'audit.ndjson'), join(folder, 'ledger')];
  writeFileSync(ledger, '');
  const faults: string[] = [];
  let mortal: Mortal | undefined;
  /** Opens it and looks at what was left behind. */
  const open = async (): Promise<Account> => {
    mortal = startMortal(path, ledger);
    const { unfinished } = await mortal.opened;
    const now = await account(path, ledger);
    const lost = unfinished.filter((id) => !now.unknown.has(id)).map((id) => `${id} was running and is not unknown`);
    return { ...now, faults: [...now.faults, ...lost] };
  };
  try {
    for (let kill = 0; kill < times; kill += 1) {
      if (kill % 5 === 4) {
        mortal = startMortal(path, ledger);
        await wait(Math.random() * openingMs);
      } else {
        faults.push(...(await open()).faults);
        mortal?.go();
        await wait(20 + Math.random() * 200);
      }
      await mortal?.kill();
    }
    const last = await open();
    return { ...last, faults: [...faults, ...last.faults] };
  } finally {
    await mortal?.kill();
    rmSync(folder, { recursive: true });
  }
}
