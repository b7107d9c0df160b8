import type { Result } from '../proof.ts';
import type { Fault } from './faults.ts';
import type { Delay } from './tracker.ts';
import type { World } from './world.ts';

/** Gathers what was seen. What must not be goes to stderr at once. */
export interface Report {
  /** So long after a fault was put right nothing was shown otherwise than it is. */
  equal(phase: string, ms: number): void;
  /** What the log had to say meanwhile. */
  outage(phase: string, expected: Fault['outage'] | 'never', lines: readonly string[]): void;
  /** What was shown otherwise than it is when nothing happened any more. */
  found(phase: string, differences: readonly string[]): void;
  /** What was seen all the time. */
  world(world: World): void;
  result(): Result;
}

const goalMs = 1000;
/** More lines than these tell nobody more. */
const maxTold = 50;

export function newReport(timesCount: boolean): Report {
  const equalMs = new Map<string, number>();
  const delays: { readonly nodes: Delay[]; readonly commands: Delay[] } = { nodes: [], commands: [] };
  const faults: string[] = [];
  let [changes, kept, lookups, asked, questions, stale, missing, absent] = [0, 0, 0, 0, 0, 0, 0, 0];

  const fault = (text: string): void => {
    faults.push(text);
    if (faults.length < maxTold) console.error(text);
  };
  const time = (ms: number, text: string): void => {
    if (ms > goalMs && timesCount) fault(text);
  };

  return {
    equal: (phase, ms) => void equalMs.set(phase, ms),
    outage(phase, expected, lines) {
      const told = lines.filter((line) => /^(warn|error|info)/.test(line));
      const isWhole = told.length % 2 === 0;
      // Beside other work the machine may stand still for longer than an answer may take: that is an outage more, or nobody noticed the one there was.
      const isRight =
        isWhole && (!timesCount || { always: told.length === 2, perhaps: true, never: told.length === 0 }[expected]);
      if (!isRight) fault(`${phase}: the log had ${told.length} lines: ${told.join(', ')}`);
    },
    found(phase, differences) {
      stale += differences.filter((each) => each.startsWith('stale')).length;
      missing += differences.filter((each) => each.startsWith('missing')).length;
      for (const difference of differences) fault(`${phase}: ${difference}`);
    },
    world({ audit, population, follower }) {
      changes += population.changes;
      kept += audit.nodes.kept;
      lookups += audit.lookups;
      asked += audit.asked;
      questions += follower.questions;
      delays.nodes.push(...audit.nodes.delays);
      delays.commands.push(...audit.commands.delays);
      absent += audit.absences.all.length;
      for (const { where, service, phase, at, endedAt } of audit.absences.all) {
        const how = endedAt === undefined ? 'for ever' : `for ${Math.round(endedAt - at)} ms`;
        fault(`${phase}: ${service} was missing in the ${where} ${how}`);
      }
      if (audit.asked > 0) fault(`${audit.asked} lookups of known services asked the registry`);
    },
    result() {
      const parts = [...equalMs].map(([phase, ms]) => {
        const [nodeMs, commandMs] = [delays.nodes, delays.commands].map((all) => p99(all, phase));
        const figure = `${phase}: p99 ${nodeMs} ms, commands ${commandMs} ms`;
        time(Math.max(nodeMs ?? 0, commandMs ?? 0), figure);
        return `${figure}, all equal after ${Math.round(ms)} ms`;
      });
      const sum = [
        `${changes} changes`,
        `${delays.nodes.length} seen in the registry`,
        `${kept} nodes kept that it had forgotten`,
        `${stale} stale and ${missing} missing when it was quiet`,
        `${absent} times a command with a live node was missing`,
        `${lookups} lookups asked the registry ${asked} times`,
        `${questions} questions in all`,
      ];
      return { figure: `${sum.join(', ')}; ${parts.join('; ')}`, met: faults.length === 0 };
    },
  };
}

function p99(delays: readonly Delay[], phase: string): number {
  const sorted = delays
    .filter((delay) => delay.phase === phase)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0);
}
