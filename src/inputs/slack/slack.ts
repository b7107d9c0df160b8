import type { App } from '@slack/bolt';
import { createOnce } from '../../async/once.ts';
import type { Taken } from '../../async/taken.ts';
import { AsyncQueue, withResolvers } from '../../async/queue.ts';
import type { Document } from '../../document/document.ts';
import { type Log, silent } from '../../log/log.ts';
import { loud } from '../../log/loud.ts';
import { type Input, InputError, type InputOutage, type Message } from '../input.ts';
import type { Api } from './api.ts';
import { newApp } from './app.ts';
import { createForms } from './forms/forms.ts';
import { createHome } from './home.ts';
import { createNames } from './identity.ts';
import type { Incoming } from './incoming.ts';
import { createIntake } from './intake.ts';
import { SlackMessage } from './message.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createPlaces } from './places.ts';
import { reachPlace } from './reach.ts';
import type { SlashCommand } from './manifest/slash.ts';
import { createManifestSync, type ManifestSync } from './manifest/sync.ts';
import { configTokens } from './manifest/tokens.ts';
import type { ClosedForm } from './read/filled.ts';
import type { Seen } from './read/seen.ts';
import { runForm } from './read/submission.ts';
import type { Source } from './source.ts';
import { openApi, openSources, webOptions } from './sources.ts';
import { reachWorkspaces, type Workspaces } from './workspaces.ts';

export interface SlackOptions {
  /** What people call the bot, and its slash command. Default `micro`. */
  readonly name?: string;
  /** Of the bot, one a workspace. */
  readonly tokens: readonly string[];
  /** Of apps: each is listened to by sockets. */
  readonly appTokens?: readonly string[];
  /** Sockets an app, 1 to 5. Default 2. */
  readonly sockets?: number;
  /** Of apps: what they sign is taken over HTTP. */
  readonly signingSecrets?: readonly string[];
  /** Where HTTP is listened on. Default `:3000`. */
  readonly address?: string;
  /** Default Slack's own. */
  readonly apiUrl?: string;
  /** The page that the app's Home tab shows. Absent: there is none. */
  readonly home?: (signal: AbortSignal) => Promise<Document>;
  /** Keeps the app's slash commands in step with the services. Absent: the app stays as it was made. */
  readonly manifest?: ManifestOptions;
  /** Adds listeners of your own to Bolt's app; each thing that is for the bot comes there once, and acknowledged. */
  readonly setup?: (app: App) => void;
  /** Tells what earlier processes took: Slack sends again what it had no acknowledgement of. Default: that may run twice. */
  readonly taken?: Taken;
  /** Logs what is exchanged with Slack, without what people write. */
  readonly debug?: boolean;
  readonly log?: Log;
}

export interface ManifestOptions {
  /** `A…`. */
  readonly appId: string;
  /** An app configuration token, what gives the next one, or both. */
  readonly token?: string | undefined;
  readonly refreshTokenFile?: string | undefined;
  /** What services want at the moment; undefined while nobody knows. */
  readonly commands: () => readonly SlashCommand[] | undefined;
}

/** Slack as an input. Throws an `InputError` (`config`) for options that can't be used. */
export function slackInput(options: SlackOptions): Input {
  const { name = 'micro', tokens, appTokens = [], signingSecrets = [], address = ':3000', log = silent } = options;
  const trace = options.debug === true ? loud(log) : log;
  const web = webOptions(options.apiUrl, log);
  const apiOf = (token: string): Api => openApi(token, web, trace);
  /** For what is tried again by others, who tell the reason at once. */
  const hasty = (token: string): Api => openApi(token, web, trace, 0);
  const sources = openSources({ appTokens, sockets: options.sockets, signingSecrets, address, api: hasty, log: trace });
  const { taken } = options;
  const once = createOnce({
    taken,
    onForgotten: (count) =>
      log.warn('so much comes from Slack that some of it was forgotten early: a late copy of it would run again', {
        count,
      }),
  });
  const running = new Map<string, { readonly message: SlackMessage; readonly user: string }>();
  const closing = new AbortController();
  let outage: InputOutage | undefined = { since: Date.now(), reason: 'not connected yet' };
  let workspaces: Workspaces | undefined;
  const firstReached = withResolvers<Workspaces>();

  const api = (team: string): Api => {
    const found = workspaces?.find(team);
    if (found === undefined) throw new InputError('config', `there is no token for the workspace ${team}`);
    return found.api;
  };
  const names = createNames({ api: (team) => workspaces?.find(team)?.api, signal: closing.signal, log });
  const outbox = createOutbox({ api, apiUrl: options.apiUrl, log });
  const places = createPlaces({
    count: tokens.length,
    workspaces: firstReached.promise,
    known: () => workspaces,
    names,
    signal: closing.signal,
    log,
  });
  const forms = createForms({ api, signal: closing.signal, log });
  const home = options.home === undefined ? undefined : createHome({ api, document: options.home, log });

  const keepManifest = ({ appId, token, refreshTokenFile, commands }: ManifestOptions): ManifestSync => {
    const bare = openApi(undefined, web, trace);
    const config = configTokens({ api: bare, token, refreshTokenFile, log });
    return createManifestSync({ api: bare, tokens: config, appId, commands, own: name, log });
  };
  let manifest: ManifestSync | undefined;

  const talk = (incoming: Incoming, queue: AsyncQueue<Message>): void => {
    const [key] = incoming.keys;
    places.heard(incoming);
    const ask = forms.asking(incoming);
    const message = new SlackMessage(incoming, names, outbox.talk(incoming), {
      ask,
      keep: taken && (() => taken.keep(incoming.keys)),
      onSettled: () => running.delete(key),
    });
    running.set(key, { message, user: incoming.user });
    queue.push(message);
  };

  const leave = (form: ClosedForm): void => {
    const left = forms.closed(form);
    if (left === undefined) return;
    const said = outbox.talk({ ...left.incoming, keys: undefined });
    said
      .say(left.form.left, 'aside')
      .catch((error: unknown) => log.warn('who left a form was not told that nothing runs', { error }))
      .finally(() => said.end());
  };

  const use = (seen: Seen, queue: AsyncQueue<Message>): void => {
    switch (seen.kind) {
      case 'said':
        return talk(seen.incoming, queue);
      case 'stop': {
        const run = running.get(seen.what);
        // Nobody ends what another person started.
        if (run?.user === seen.user) run.message.cancel();
        return;
      }
      case 'home':
        home?.opened(seen.team, seen.user);
        return;
      case 'form':
        api(seen.team)
          .call('views.open', { trigger_id: seen.trigger, view: runForm(seen.line) }, closing.signal)
          .catch((error: unknown) => log.warn('a form could not be opened in Slack', { error }));
        return;
      case 'filled':
        // What came of it is said already.
        return;
      case 'closed':
        leave(seen.form);
        return;
      default:
        seen satisfies never;
    }
  };

  const listen = async (queue: AsyncQueue<Message>, signal: AbortSignal): Promise<void> => {
    const onOutage = (reason: string): void => {
      outage = { since: outage?.since ?? Date.now(), reason };
    };
    workspaces = await reachWorkspaces({ tokens, first: hasty, api: apiOf, signal, onOutage, log });
    firstReached.resolve(workspaces);
    const app = newApp({ workspaces, web, setup: options.setup, log });
    const own = { name, users: new Set(workspaces.all.map(({ botUser }) => botUser)) };
    const accept = createIntake({
      own,
      once,
      app,
      use: (seen) => use(seen, queue),
      filled: (form) => forms.filled(form),
      log: trace,
    });
    const all = workspaces.all.map((each) => each.name);
    outage = undefined;
    const over = new AbortController();
    const leave = (): void => over.abort();
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    const opened =
      ({ name: by }: Source) =>
      (): void =>
        log.info('listening on Slack', { workspaces: all, by });
    const runs = sources.map((source) => source.run(accept, opened(source), over.signal));
    try {
      await Promise.all(runs);
    } finally {
      signal.removeEventListener('abort', leave);
      // One that ended takes the others with it: they begin anew together.
      leave();
      await Promise.allSettled(runs);
    }
  };

  return {
    name: 'slack',
    get outage() {
      return outage ?? sources.find((source) => source.outage !== undefined)?.outage;
    },
    messages(signal) {
      // Not before the bot runs: by then it has seen the services.
      if (options.manifest !== undefined) manifest ??= keepManifest(options.manifest);
      const queue = new AsyncQueue<Message>();
      listen(queue, signal).then(
        () => queue.end(),
        (error: unknown) => {
          if (signal.aborted) return queue.end();
          const lost =
            error instanceof InputError ? error : new InputError('unavailable', String(error), { cause: error });
          outage = { since: outage?.since ?? Date.now(), reason: lost.message };
          queue.fail(lost);
        },
      );
      return queue;
    },
    reach: (place) => reachPlace(place, places, outbox),
    async close() {
      await outbox.close(AbortSignal.timeout(farewellMs));
      closing.abort();
      await Promise.all([home?.close(), manifest?.close()]);
    },
  };
}

/** For what was said last. */
const farewellMs = 1_500;
