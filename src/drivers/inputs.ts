import type { Config } from '../config/config.ts';
import type { Input } from '../inputs/input.ts';
import type { Drivers } from './choose.ts';
import type { Host } from './host.ts';

/** Throws a `ConfigError` before anything is started. */
export type FindInput = (config: Config) => Promise<NewInput>;
export type NewInput = (host: Host) => Promise<Input>;

/** The chat networks, each loaded when it is chosen. */
export const networks: Drivers<FindInput> = {
  slack: async (config) => {
    const { checkSlack, openSlack } = await import('./slack.ts');
    await checkSlack(config);
    return openSlack;
  },
  xmpp: async (config) => {
    const { checkXmpp, openXmpp } = await import('./xmpp.ts');
    await checkXmpp(config);
    return openXmpp;
  },
  hipchat: async ({ bot: { hipchat } }) => {
    const { checkHipchat, openHipchat } = await import('./hipchat.ts');
    await checkHipchat(hipchat);
    return (host) => openHipchat(hipchat, host);
  },
};
