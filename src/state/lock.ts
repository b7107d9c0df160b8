import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, unlink } from 'node:fs/promises';
import { type Socket, connect, createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { withResolvers } from '../async/queue.ts';
import { sleep } from '../async/sleep.ts';
import { makeFolder } from './folder.ts';

/** Something that one process has at a time. */
export interface Lock {
  release(): Promise<void>;
}

/** Whoever has it, or wants it just now. */
interface Rival {
  /** Undefined for one that does not talk to us. */
  readonly pid: number | undefined;
  readonly isHeld: boolean;
}

const silent: Rival = { pid: undefined, isHeld: true };

/** How long a rival has to answer. One that takes longer is there all the same. */
const answerMs = 1_000;
/** Two that start at the same moment look at each other so often. */
const retryMs = 20;

/**
 * Locks `path`, which need not exist, nor its folder, or tells who has it: the id of the process, or `undefined` when it does not say.
 *
 * Everybody listens on a socket beside it, `<path>.lock-<name>`, with a name that nobody uses twice. The operating system closes it when its process
 * ends, however it ends, so one that nobody answers on is of the past and is removed; nobody can take a new lock for an old one. Of several that start
 * at the same time the first by name waits until the others have seen it, and gets it.
 */
export async function takeLock(path: string): Promise<Lock | { readonly heldBy: number | undefined }> {
  await makeFolder(dirname(path));
  const folder = await shortFolder(dirname(path));
  const prefix = `${basename(path)}.lock-`;
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  const own = join(folder.path, name);
  let isHeld = false;
  const desk = await listen(own, () => `${process.pid} ${isHeld ? 'held' : 'wanted'}\n`).catch(
    async (error: unknown) => {
      await folder.close();
      throw error;
    },
  );
  const release = async (): Promise<void> => {
    await remove(own).catch(() => {});
    await desk.close();
    await folder.close();
  };
  try {
    for (;;) {
      const others = (await readdir(folder.path)).filter((each) => isLock(each, prefix) && each !== name);
      const rivals = await Promise.all(
        others.map(async (each) => ({ each, rival: await ask(join(folder.path, each)) })),
      );
      const there = rivals.flatMap(({ each, rival }) => (rival === undefined ? [] : [{ each, rival }]));
      const stronger = there.find(({ each, rival }) => rival.isHeld || each < name);
      if (stronger !== undefined) {
        await release();
        return { heldBy: stronger.rival.pid };
      }
      if (there.length === 0) break;
      await sleep(retryMs);
    }
  } catch (error) {
    await release();
    throw error;
  }
  isHeld = true;
  return { release };
}

const isLock = (name: string, prefix: string): boolean =>
  name.startsWith(prefix) && /^[0-9a-f]{12}$/.test(name.slice(prefix.length));

/** Undefined: nobody is there any more, and what was left behind is removed. */
async function ask(path: string): Promise<Rival | undefined> {
  const end = performance.now() + answerMs;
  while (performance.now() < end) {
    const answer = await askOnce(path);
    if (answer === 'gone') {
      await remove(path);
      return undefined;
    }
    if (answer !== 'leaving') return answer;
    await sleep(retryMs);
  }
  return silent;
}

async function askOnce(path: string): Promise<Rival | 'gone' | 'leaving'> {
  const { promise, resolve } = withResolvers<Rival | 'gone' | 'leaving'>();
  const socket = connect(path);
  let answer = '';
  socket.setEncoding('utf8');
  socket.setTimeout(answerMs, () => resolve(silent));
  socket.on('data', (text: string) => {
    answer += text;
  });
  socket.on('end', () => {
    const [pid, state] = answer.trim().split(' ');
    resolve(state === undefined ? 'leaving' : { pid: Number(pid), isHeld: state === 'held' });
  });
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve('gone');
    // Whoever is about to go lets us in and says nothing.
    else resolve(code === 'ECONNRESET' || code === 'EPIPE' ? 'leaving' : silent);
  });
  const rival = await promise;
  socket.destroy();
  return rival;
}

/** Also what is gone already. Not `rm`, which looks first: after a look at a socket, Node 20 takes links to packages for the packages themselves. */
async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Its name appears once it answers: before, it would look like one of the past. */
async function listen(path: string, answer: () => string): Promise<{ close(): Promise<void> }> {
  const beginning = `${path}-begins`;
  const { promise, resolve, reject } = withResolvers<void>();
  const sockets = new Set<Socket>();
  const server = createServer((socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.end(answer());
  });
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      // Who has the answer and stays would be waited for.
      for (const socket of sockets) socket.destroy();
    });
  server.on('error', reject);
  server.listen(beginning, () => resolve());
  await promise;
  server.unref();
  try {
    await rename(beginning, path);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** The name of a socket has about a hundred letters at most; Linux has a short name for every folder that is open. */
async function shortFolder(folder: string): Promise<{ readonly path: string; close(): Promise<void> }> {
  if (folder.length < 40 || process.platform !== 'linux') return { path: folder, close: async () => {} };
  const handle: FileHandle = await open(folder, 'r');
  return { path: `/proc/self/fd/${handle.fd}`, close: () => handle.close() };
}
