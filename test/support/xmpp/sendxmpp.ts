import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { programOf } from '../daemon.ts';
import { leash } from './leash.ts';
import type { User, XmppServer } from './server.ts';

const command = 'go-sendxmpp';

/** Why nobody can write with go-sendxmpp, if so. Debian's package has the command's name. */
export const missingSendxmpp = (): string | undefined =>
  programOf(command) === undefined ? `${command} is not installed` : undefined;

/** Logs in by STARTTLS, says something once to each address and leaves. Rejects with what it wrote to standard error. */
export async function sendxmpp(server: XmppServer, from: User, to: readonly string[], text: string): Promise<void> {
  const child = start(server, from, to);
  const { errors, ended } = watch(child);
  child.stdin.end(text);
  if ((await ended) !== 0) throw new Error(`${command}: ${errors()}`);
}

/** Likewise, into a room, under this nick. */
export async function sendxmppRoom(
  server: XmppServer,
  from: User,
  room: string,
  nick: string,
  text: string,
): Promise<void> {
  const child = start(server, from, ['-c', '-a', nick, room]);
  const { errors, ended } = watch(child);
  child.stdin.end(text);
  if ((await ended) !== 0) throw new Error(`${command}: ${errors()}`);
}

/** Somebody who only reads. */
export interface Listener {
  /** What it printed so far, a line each: when, who, what. */
  readonly lines: readonly string[];
  end(): Promise<void>;
}

/** Logs in and prints what comes from `whom` (all, where that is empty), or with `nick` what is said in these rooms. */
export function listenxmpp(server: XmppServer, as: User, whom: readonly string[], nick?: string): Listener {
  const child = start(server, as, ['-l', ...(nick === undefined ? [] : ['-c', '-a', nick]), ...whom]);
  const { ended } = watch(child);
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => void lines.push(line));
  return {
    lines,
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function start(server: XmppServer, { jid, password }: User, args: readonly string[]): Child {
  const login = ['-u', jid, '-p', password, '-j', `${server.host}:${server.port}`];
  // Go trusts this file alone then.
  const env = { ...process.env, SSL_CERT_FILE: server.caFile, SSL_CERT_DIR: '/nowhere' };
  return spawn(...leash(programOf(command) ?? command, [...login, ...args]), { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

type Child = ReturnType<typeof spawn> & {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
};

function watch(child: Child): { readonly errors: () => string; readonly ended: Promise<number | null> } {
  let errors = '';
  child.stdin.on('error', () => {});
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { errors: () => errors, ended };
}
