import type { ServerKind } from '../../test/support/xmpp/server.ts';
import type { Proof, Result } from '../proof.ts';
import { certificates } from './certificates.ts';
import { type Row, suffer } from './fault.ts';
import { faultsOn, fewFaults } from './faults.ts';
import { oneResource, ownResources } from './namesakes.ts';
import { openHouse } from './scene.ts';
import { missing, starters } from './servers.ts';

/** Smaller runs are on one server, with a few faults. */
const leastShare = 0.1;
/** How long the servers keep what was cut, in seconds. */
const resumeSeconds = 8;

export const life: Proof = {
  name: 'xmpp life',
  what: 'what happens to a bot in a room, on Prosody and ejabberd, while people on slixmpp tell it things',
  goal: 'in the state it belongs in, within 5 s of when the fault could be noticed (twice as long as the server was away, where that is longer); every command that was delivered runs once and is answered once',
  async run(share) {
    const isWhole = share >= leastShare;
    const kinds: readonly ServerKind[] = isWhole ? ['prosody', 'ejabberd'] : ['prosody'];
    const results: Result[] = [];
    for (const kind of kinds) results.push(await on(kind, isWhole));
    return { figure: results.map(({ figure }) => figure).join('; '), met: results.every(({ met }) => met) };
  },
};

async function on(kind: ServerKind, isWhole: boolean): Promise<Result> {
  const why = missing(kind);
  if (why !== undefined) return { figure: `${kind}: ${why}`, met: false };
  const rows = [...(await together(kind, isWhole)), ...(isWhole ? await certificates(starters[kind]) : [])];
  for (const { name, wrong } of rows) for (const sentence of wrong) console.error(`${kind}, ${name}: ${sentence}`);
  const met = rows.every(({ ms, withinMs, wrong }) => ms <= withinMs && wrong.length === 0);
  return { figure: `${kind}: ${rows.map(shown).join(', ')}`, met };
}

async function together(kind: ServerKind, isWhole: boolean): Promise<readonly Row[]> {
  const server = await starters[kind]({ resumeSeconds, ...(kind === 'prosody' ? { lockedRooms: true } : {}) });
  const rows: Row[] = [];
  try {
    const house = await openHouse(server);
    try {
      for (const fault of isWhole ? faultsOn(server) : fewFaults) rows.push(await suffer(house, fault));
      if (isWhole) rows.push(await ownResources(house), await oneResource(house));
    } finally {
      await house.ada.end();
    }
  } finally {
    await server.close();
  }
  return rows;
}

const shown = ({ name, ms, withinMs, state, wrong }: Row): string => {
  const late = ms <= withinMs ? '' : ' (late)';
  const faults = wrong.length === 0 ? '' : `, but ${wrong.join(', ')}`;
  return `${name} ${(ms / 1000).toFixed(1)} s${late} (${state}${faults})`;
};
