import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';

const dist = (path: string): string => JSON.stringify(new URL(`../../../dist/src/${path}`, import.meta.url).href);

/** A bot that writes down what it runs and what it says; with `typed`, what was acknowledged, too. */
const program = (directory: string, typed: readonly string[]): string => `
  import { appendFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  const { createSchedules } = await import(${dist('bot/schedule/create.js')});
  const { typedLine } = await import(${dist('bot/line.js')});
  const { fileState } = await import(${dist('state/files.js')});
  const { renderTerminal } = await import(${dist('document/terminal.js')});
  const write = (name, line) => appendFileSync(${JSON.stringify(directory)} + '/' + name, line.replaceAll('\\n', ' ') + '\\n');
  const schedules = await createSchedules({
    state: await fileState({ directory: ${JSON.stringify(join(directory, 'state'))} }),
    reach: () => ({ say: async (document) => write('said', renderTerminal(document)), end() {} }),
    check: async () => ({ refused: undefined, isMasked: false }),
    mayAdmin: () => false,
    timeZone: 'UTC',
  });
  schedules.start(async ({ line }) => {
    write('ran', line);
    await sleep(100);
    return 'done';
  });
  const make = schedules.commands.find(({ name }) => name === 'in');
  const caller = { input: 'memory', room: 'ops', user: 'U1' };
  await Promise.all(${JSON.stringify(typed)}.map(async (words) => {
    await make.run({ args: typedLine(words).rest(1), options: {}, caller, id: '1', signal: new AbortController().signal });
    write('kept', words);
  }));
  setInterval(() => {}, 1_000);
`;

interface Bot {
  kill(): Promise<void>;
}

function start(directory: string, typed: readonly string[]): Bot {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(directory, typed)], { stdio: 'inherit' });
  const gone = once(child, 'exit');
  return {
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const linesIn = async (directory: string, name: string): Promise<readonly string[]> =>
  (await readFile(join(directory, name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

/** Two programs have to start, beside whatever else does. */
const patienceMs = 45_000;

/** At once, in the middle, and near the end of what there is to do. */
test.each([0, 10, 30])(
  'a bot that is killed after %d runs does nothing twice, and tells of what it does not know',
  async (runs) => {
    const directory = await mkdtemp(join(tmpdir(), 'schedules-kill-'));
    const typed = Array.from({ length: 40 }, (_, index) => `in ${(1 + index / 50).toFixed(2)}s job-${index}.`);
    const first = start(directory, typed);
    try {
      const isTime = async (): Promise<boolean> =>
        runs === 0 ? (await linesIn(directory, 'kept')).length > 0 : (await linesIn(directory, 'ran')).length >= runs;
      await until(isTime, patienceMs);
    } finally {
      await first.kill();
    }
    const kept = (await linesIn(directory, 'kept')).map((words) => words.split(' ')[2] ?? '');
    const second = start(directory, []);
    try {
      const accounts = async (): Promise<string> =>
        (await linesIn(directory, 'ran')).concat(await linesIn(directory, 'said')).join('\n');
      await until(async () => {
        const account = await accounts();
        return kept.every((line) => account.includes(line));
      }, patienceMs);
    } finally {
      await second.kill();
    }
    const ran = await linesIn(directory, 'ran');
    expect(kept.length).toBeGreaterThan(0);
    expect(new Set(ran).size).toBe(ran.length);
  },
  3 * patienceMs,
);
