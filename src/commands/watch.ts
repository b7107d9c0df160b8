import type { Directory, Versions } from '../discovery/directory.ts';
import { type Document, text } from '../document/document.ts';
import { moment } from '../document/moment.ts';
import { formatDuration } from '../runtime/duration.ts';
import { changesOf } from './changes.ts';
import type { Command, Invocation } from './command.ts';
import { completeService } from './complete.ts';
import { type Feed, newFeed } from './feed.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface WatchDeps {
  readonly where: Whereabouts;
  readonly directory: Directory | undefined;
  readonly follow: (() => Promise<Directory>) | undefined;
}

/** As long as a timer can be: until somebody stops it. */
const timeoutMs = 2 ** 31 - 1;

/** None, when nothing can be followed. */
export function watchServices({ where, directory, follow }: WatchDeps): readonly Command[] {
  if (directory === undefined && follow === undefined) return [];
  const command: Command = {
    name: 'watch services',
    usage: 'watch services [service]',
    description: 'Shows nodes that come, go and change, until you stop it',
    examples: ['watch services greeter'],
    source: { kind: 'builtin' },
    effect: 'read',
    timeoutMs,
    isEndless: true,
    complete: completeService(where),
    run: (invocation) => watch(directory, follow, invocation),
  };
  return [command];
}

async function* watch(
  shared: Directory | undefined,
  follow: (() => Promise<Directory>) | undefined,
  { args, caller, signal }: Invocation,
): AsyncIterable<Document> {
  const only = args.word(0);
  const directory = shared ?? (await follow?.());
  if (directory === undefined) return;
  const feed = newFeed(signal);
  const subscription = report(directory, only, feed);
  try {
    // In a chat, silence would look like a bot that is gone; a program that reads the output wants none of our words.
    if (caller.input !== 'cli') yield text(`watching ${only ?? 'all services'}: say "stop" to end it`);
    for (;;) {
      const lines = await feed.next();
      if (lines === undefined) return;
      yield text(lines.join('\n'));
    }
  } finally {
    subscription.end();
    feed.end();
    if (directory !== shared) await directory.close();
  }
}

/** Feeds what changes from now on, or, while the directory starts, from the moment it has seen everything. */
function report(directory: Directory, only: string | undefined, feed: Feed): { end(): void } {
  let hasSeen = directory.state.kind !== 'starting';
  let known = new Map<string, Versions>(directory.services);
  let lostAt: number | undefined;

  const tellState = (): void => {
    const { state } = directory;
    const error = state.kind === 'connected' ? undefined : state.error;
    if (error !== undefined && lostAt === undefined) {
      lostAt = state.since;
      feed.push([`! the registry is out of reach since ${moment(lostAt)}: ${error.message}`]);
    } else if (state.kind === 'connected' && lostAt !== undefined) {
      const seconds = Math.max(0, Math.round((Date.now() - lostAt) / 1000));
      feed.push([`! back after ${formatDuration(seconds * 1e9)}`]);
      lostAt = undefined;
    }
  };
  const tellChanges = (names: ReadonlySet<string>): void => {
    for (const name of names) {
      const now = directory.services.get(name);
      if (only === undefined || only === name) feed.push(changesOf(known.get(name), now));
      if (now === undefined) known.delete(name);
      else known.set(name, now);
    }
  };

  tellState();
  void directory.ready.then(() => {
    if (hasSeen) return;
    known = new Map(directory.services);
    hasSeen = true;
  });
  return directory.onChange((names) => {
    tellState();
    if (hasSeen) tellChanges(names);
  });
}
