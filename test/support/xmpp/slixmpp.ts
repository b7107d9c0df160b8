import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Heard, heard, parseStanza } from './heard.ts';
import { leash } from './leash.ts';

// Seen from here, and from where this is compiled to.
const script = ['person.py', '../../../../test/support/xmpp/person.py']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

// Debian's own first: its packages are seen by no other.
const pythons = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)].map((folder) => join(folder, 'python3'));
const probe = 'import importlib.util as u, sys; sys.exit(u.find_spec("slixmpp") is None)';
let known: string | undefined;
/** A Python that knows slixmpp; undefined where there is none. */
export const python = (): string | undefined =>
  (known ??= pythons.find((path) => existsSync(path) && spawnSync(path, ['-c', probe]).status === 0));

/** Our script on slixmpp, as it runs. */
export interface Program {
  /** False once the connection was lost, until the script is told to connect. */
  isOnline: boolean;
  readonly stanzas: readonly Heard[];
  /** Has it do something; rejects with what went wrong. */
  readonly tell: (what: string, details: object) => Promise<unknown>;
  /** Kills it. */
  readonly end: () => Promise<void>;
}

interface Line {
  readonly n?: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly stanza?: string;
}

/** `settings` are what the script is constructed with. */
export function runSlixmpp(settings: object): Program {
  const child = spawn(...leash(python() ?? 'python3', [script ?? '', JSON.stringify(settings)]), {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const asked = new Map<number, (line: Line) => void>();
  const stanzas: Heard[] = [];
  let errors = '';
  let last = 0;
  const gone = once(child, 'exit').then(() => {
    program.isOnline = false;
    for (const answer of asked.values()) answer({ error: `slixmpp ended: ${errors}` });
  });
  child.stdin.on('error', () => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface(child.stdout).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.stanza !== undefined) stanzas.push(heard(parseStanza(line.stanza)));
    else if (line.n === undefined) program.isOnline = false;
    else {
      asked.get(line.n)?.(line);
      asked.delete(line.n);
    }
  });
  const program: Program = {
    isOnline: true,
    stanzas,
    tell: (what, details) =>
      new Promise((resolve, reject) => {
        last += 1;
        asked.set(last, ({ error, result }) => (error === undefined ? resolve(result) : reject(new Error(error))));
        if (child.exitCode !== null) reject(new Error(`slixmpp ended: ${errors}`));
        child.stdin.write(`${JSON.stringify({ n: last, do: what, ...details })}\n`);
      }),
    async end() {
      child.kill('SIGKILL');
      await gone;
    },
  };
  return program;
}
