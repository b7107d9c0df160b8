import type { Decision, Identity, Question } from '../../src/access/access.ts';
import { type AccessOptions, createAccess, type FileAccess } from '../../src/access/create.ts';
import { readPolicy } from '../../src/access/read.ts';
import { silent } from '../../src/log/log.ts';
import { memoryState } from '../../src/state/memory.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `slack:T1/U1`, or with a `?` at its end for somebody whom the network does not vouch for. */
export function who(account: string, name = 'somebody'): Identity {
  const colon = account.indexOf(':');
  const isKnown = !account.endsWith('?');
  return { input: account.slice(0, colon), user: account.slice(colon + 1).replace(/\?$/, ''), name, isKnown };
}

/** What somebody wants: to change something with a command called `deploy`, in a room, unless told otherwise. */
export const question = (account: string, more: Partial<Question> = {}): Question => ({
  identity: who(account),
  room: 'T1/C1',
  roomName: 'ops',
  isDirect: false,
  commands: ['deploy'],
  effect: 'change',
  scopes: [],
  confirm: false,
  approvals: 0,
  parameters: new Map(),
  ...more,
});

export const parameters = (values: Readonly<Record<string, string | readonly string[]>>): Question['parameters'] =>
  new Map(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? [value] : value]));

/** A file with an access file's text, in a folder of its own. */
export interface AccessFile extends AsyncDisposable {
  readonly path: string;
  readonly folder: string;
}

export async function accessFile(text: string): Promise<AccessFile> {
  const folder = await mkdtemp(join(tmpdir(), 'access-'));
  const path = join(folder, 'access.yaml');
  await writeFile(path, text);
  return {
    path,
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface OpenAccess extends FileAccess, AsyncDisposable {
  /** The decision in a word and its reason. */
  ask(account: string, more?: Partial<Question>): string;
}

/** Access by a file with this text, until the end of the scope. */
export async function accessBy(text: string, options: Partial<AccessOptions> = {}): Promise<OpenAccess> {
  readPolicy(text);
  const file = await accessFile(text);
  const access = await createAccess({ file: file.path, state: memoryState(), log: silent, ...options });
  return Object.assign(Object.create(access) as FileAccess, {
    ask: (account: string, more?: Partial<Question>): string => inWords(access.decide(question(account, more))),
    async [Symbol.asyncDispose]() {
      await access.close();
      await file[Symbol.asyncDispose]();
    },
  });
}

export const inWords = (decision: Decision): string => `${decision.isAllowed ? 'yes' : 'no'}: ${decision.why}`;
