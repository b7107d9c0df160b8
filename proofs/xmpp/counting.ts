import { sleep } from '../../src/async/sleep.ts';
import type { Command } from '../../src/commands/command.ts';
import { text } from '../../src/document/document.ts';

/** Counts that it ran, works for as long as it is told to, and answers `counted` and the name. */
export function counting(runs: Map<string, number>): Command {
  return {
    name: 'count',
    usage: 'count <name> [milliseconds]',
    description: 'Counts that it ran',
    source: { kind: 'user' },
    async run({ args, signal }) {
      const [name = '', ms = '0'] = args.words;
      runs.set(name, (runs.get(name) ?? 0) + 1);
      if (ms !== '0') await sleep(Number(ms), signal);
      return text(`counted ${name}`);
    },
  };
}
