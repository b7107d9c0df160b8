import { setMaxListeners } from 'node:events';
import { orAborted } from '../../async/aborted.ts';
import { deadline } from '../../async/deadline.ts';
import { type Document, text } from '../../document/document.ts';
import { type Log, silent } from '../../log/log.ts';
import { type Api, SlackError } from './api.ts';
import { type HomeView, renderHome } from './render/home.ts';

export interface HomeOptions {
  /** By workspace. */
  readonly api: (team: string) => Api;
  /** What the tab shows. */
  readonly document: (signal: AbortSignal) => Promise<Document>;
  readonly log?: Log;
  /** How long it may take before people are told that it is on its way. Default 1,000. */
  readonly patienceMs?: number;
  /** How long making it may take. Default 30,000. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** The app's Home tab. */
export interface Home {
  /** Somebody opened it: shows how things are now. Never throws. */
  opened(team: string, user: string): void;
  /** Shows nothing any more. */
  close(): Promise<void>;
}

interface Page {
  readonly view: Promise<HomeView>;
  readonly madeAt: number;
  /** Who looks at it. */
  readonly seenBy: Set<string>;
}

/** How many people are served at the same time; others see what they saw before. */
const maxPeople = 1000;

const waiting: HomeView = renderHome(text('One moment: the services are asked how they are.'));
const broken: HomeView = renderHome(
  text('It could not be found out how the services are: open this tab again in a while.'),
);

/** How long what was made is shown to everybody who opens the tab: it may ask every service. */
const freshMs = 5000;

export function createHome(options: HomeOptions): Home {
  const { api, document, log = silent, now = Date.now } = options;
  const { patienceMs = 1000, timeoutMs = 30_000 } = options;
  const stop = new AbortController();
  // One for each who is served.
  setMaxListeners(0, stop.signal);
  const serving = new Map<string, Promise<void>>();
  const told = new Set<string>();
  let page: Page | undefined;

  const make = async (): Promise<HomeView> => {
    using limit = deadline(stop.signal, timeoutMs);
    return renderHome(await orAborted(document(limit.signal), limit.signal));
  };
  const current = (): Page => {
    if (page !== undefined && now() - page.madeAt < freshMs) return page;
    const fresh: Page = { view: make(), madeAt: now(), seenBy: new Set() };
    page = fresh;
    fresh.view.catch(() => {
      if (page === fresh) page = undefined;
    });
    return fresh;
  };

  const serve = async (team: string, user: string): Promise<void> => {
    const { view, seenBy } = current();
    const who = `${team}/${user}`;
    if (seenBy.has(who)) return;
    const publish = async (shown: HomeView): Promise<void> => {
      await api(team).call('views.publish', { user_id: user, view: shown }, stop.signal);
    };
    if (await isLate(view, patienceMs)) await publish(waiting);
    const made = await view.catch(async (error: unknown) => {
      if (!stop.signal.aborted) await publish(broken);
      throw error;
    });
    await publish(made);
    seenBy.add(who);
  };
  const failed = (team: string, error: unknown): void => {
    if (stop.signal.aborted) return;
    const kind = `${team} ${error instanceof SlackError ? error.reason : ''}`;
    if (told.has(kind)) log.debug('the Home tab could not be shown', { team, error });
    else log.warn('the Home tab could not be shown', { team, error });
    told.add(kind);
  };

  return {
    opened(team, user) {
      const who = `${team}/${user}`;
      if (stop.signal.aborted || serving.has(who) || serving.size >= maxPeople) return;
      const served = serve(team, user).catch((error: unknown) => failed(team, error));
      serving.set(
        who,
        served.finally(() => serving.delete(who)),
      );
    },
    async close() {
      stop.abort();
      await Promise.all(serving.values());
    },
  };
}

/** Whether it is not there after so long. What it fails with is for who waits for it. */
async function isLate(work: Promise<unknown>, ms: number): Promise<boolean> {
  using limit = deadline(undefined, ms);
  return await orAborted(work, limit.signal).then(
    () => false,
    () => limit.signal.aborted,
  );
}
