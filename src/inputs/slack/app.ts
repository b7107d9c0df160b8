import { App, type Receiver } from '@slack/bolt';
import type { Log } from '../../log/log.ts';
import type { Delivery } from './source.ts';
import type { WebOptions } from './sources.ts';
import type { Workspaces } from './workspaces.ts';

/** Where our own share of a delivery travels through Bolt. */
const ours = 'microBot';

export interface AppOptions {
  readonly workspaces: Workspaces;
  readonly web: WebOptions;
  /** Adds listeners of somebody's own. */
  readonly setup?: ((app: App) => void) | undefined;
  readonly log: Log;
}

/** Slack's framework, fed by us: it knows whose token is meant, and carries listeners that a program adds to ours. */
export interface SlackApp {
  /** Runs `work` in the app's chain of middleware, then its listeners. The delivery is acknowledged already. Never throws. */
  process(delivery: Delivery, work: () => void): void;
}

export function newApp({ workspaces, web, setup, log }: AppOptions): SlackApp {
  // Deliveries come from our sources; Bolt has nothing to open.
  const receiver: Receiver = { init() {}, start: async () => {}, stop: async () => {} };
  const app = new App({
    receiver,
    authorize: async ({ teamId, enterpriseId }) => {
      const workspace = workspaces.find(teamId, enterpriseId);
      if (workspace === undefined)
        throw new Error(`there is no token for the workspace ${teamId ?? enterpriseId ?? ''}`);
      const { token, botUser, bot, team, enterprise } = workspace;
      return {
        botToken: token,
        botUserId: botUser,
        ...(bot === undefined ? {} : { botId: bot }),
        ...(team === undefined ? {} : { teamId: team }),
        ...(enterprise === undefined ? {} : { enterpriseId: enterprise }),
      };
    },
    clientOptions: { ...web },
    logger: web.logger,
    // What we do not answer is known before it comes here.
    ignoreSelf: false,
    convoStore: false,
    tokenVerificationEnabled: false,
  });
  app.use(async ({ context, next }) => {
    const { [ours]: work } = context;
    if (typeof work === 'function') work();
    await next();
  });
  app.error(async (error) => log.warn('a Slack listener failed', { error }));
  setup?.(app);
  return {
    process({ body }, work) {
      app.processEvent({ body, ack: async () => {}, customProperties: { [ours]: work } }).catch((error: unknown) => {
        log.warn('a Slack listener failed', { error });
      });
    },
  };
}
