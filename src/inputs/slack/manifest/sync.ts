import { sleep } from '../../../async/sleep.ts';
import { supervise } from '../../../async/supervise.ts';
import { type Log, silent } from '../../../log/log.ts';
import { type Answer, type Api, SlackError } from '../api.ts';
import { fieldsOf } from '../fields.ts';
import { checkSlash, type Refused, type SlashCommand } from './slash.ts';
import { type Exported, type Step, stepTo } from './step.ts';
import type { ConfigTokens } from './tokens.ts';

export interface ManifestSyncOptions {
  /** Needs no token of its own. */
  readonly api: Api;
  readonly tokens: ConfigTokens;
  /** `A…`. */
  readonly appId: string;
  /** The slash commands that services want now; undefined while nobody knows. Looked at again and again. */
  readonly commands: () => readonly SlashCommand[] | undefined;
  /** The bot's own slash command. Default `micro`. */
  readonly own?: string;
  readonly log?: Log;
  /** How often to look. Default 5,000. */
  readonly everyMs?: number;
  /** How long Slack is left alone after the manifest was looked at or changed. Default 30,000. */
  readonly restMs?: number;
  /** How long a command stays that nobody wants any more: a service that is deployed anew is gone for a moment. Default 300,000. */
  readonly keepMs?: number;
  /** Least wait after a failure. Default 30,000; it grows to ten minutes. */
  readonly retryMs?: number;
  readonly now?: () => number;
}

/** Keeps the slash commands of an app in Slack in step with what services want. What people added to the app stays. */
export interface ManifestSync {
  /** Leaves the app as it is. */
  close(): Promise<void>;
}

const maxRetryMs = 600_000;

export function createManifestSync(options: ManifestSyncOptions): ManifestSync {
  const { api, tokens, appId, commands, own = 'micro', log = silent, now = Date.now } = options;
  const { everyMs = 5000, restMs = 30_000, keepMs = 300_000, retryMs = 30_000 } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const tell = tellOnce(log);
  /** What Slack itself would not have, until it is another command. */
  const unwanted = new Map<string, Refused>();
  let goneSince: ReadonlyMap<string, number> = new Map();
  let done: string | undefined;
  let nextAt: number | undefined;
  let crowdedOut: readonly Refused[] = [];
  let failure: string | undefined;

  const call = async (method: string, args: Readonly<Record<string, unknown>>): Promise<Answer> => {
    const token = await tokens.get(signal);
    try {
      return await api.call(method, { ...args, token, app_id: appId }, signal);
    } catch (error) {
      if (!(error instanceof SlackError) || !badToken.has(error.reason)) throw error;
      tokens.spoil(token);
      return await api.call(method, { ...args, token: await tokens.get(signal), app_id: appId }, signal);
    }
  };

  const exchange = async (wanted: readonly SlashCommand[]): Promise<Step> => {
    const exported: Exported = fieldsOf((await call('apps.manifest.export', {}))['manifest']);
    if (exported['display_information'] === undefined) {
      throw new SlackError('unavailable', '', "Slack's answer to apps.manifest.export makes no sense");
    }
    for (;;) {
      const accepted = wanted.filter((command) => unwanted.get(command.name)?.command !== command);
      const step = stepTo(exported, accepted, { own, goneSince, now: now(), keepMs });
      if (step.manifest === undefined) return step;
      try {
        const answer = await call('apps.manifest.update', { manifest: JSON.stringify(step.manifest) });
        log.info('the slash commands in Slack are in step', {
          commands: step.names.filter((name) => name !== undefined),
        });
        if (answer['permissions_updated'] === true) log.warn('the Slack app has to be installed again');
        return step;
      } catch (error) {
        const refused = refusedBy(error, step, accepted);
        if (refused.length === 0) throw error;
        for (const each of refused) unwanted.set(each.command.name, each);
      }
    }
  };

  /** Whether Slack was asked. */
  const look = async (): Promise<boolean> => {
    await tokens.get(signal);
    const offered = commands();
    if (offered === undefined) {
      // What was gone before may be back by then: its time begins anew.
      goneSince = new Map();
      return false;
    }
    const { accepted, refused } = checkSlash(offered, own);
    const key = JSON.stringify(accepted);
    if (key === done && (nextAt === undefined || now() < nextAt)) {
      tell([...refused, ...crowdedOut, ...unwanted.values()]);
      return false;
    }
    const wanted = accepted.map((command) => sameAs(unwanted.get(command.name)?.command, command));
    const step = await exchange(wanted);
    ({ goneSince, nextAt } = step);
    done = key;
    for (const name of unwanted.keys()) if (!wanted.some((command) => command.name === name)) unwanted.delete(name);
    crowdedOut = step.refused;
    tell([...refused, ...crowdedOut, ...unwanted.values()]);
    return true;
  };

  const running = supervise(
    async (_signal, healthy) => {
      while (!signal.aborted) {
        const asked = await look();
        healthy();
        if (failure !== undefined) log.info('the slash commands in Slack are kept in step again');
        failure = undefined;
        await sleep(asked ? restMs : everyMs, signal);
      }
    },
    {
      signal,
      minDelayMs: retryMs,
      maxDelayMs: Math.max(maxRetryMs, retryMs),
      onFailure(error, delayMs) {
        const message = error instanceof Error ? error.message : String(error);
        if (message === failure) return;
        failure = message;
        log.warn('the slash commands in Slack cannot be kept in step', { error, retryInMs: Math.round(delayMs) });
      },
    },
  );

  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

const badToken: ReadonlySet<string> = new Set(['token_expired', 'invalid_auth', 'not_authed', 'token_revoked']);

/** The command of before where nothing about it is new. */
const sameAs = (before: SlashCommand | undefined, now: SlashCommand): SlashCommand =>
  before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;

/** Those of ours that Slack points at. One bad name must not hold up the others. */
function refusedBy(error: unknown, { names }: Step, wanted: readonly SlashCommand[]): readonly Refused[] {
  if (!(error instanceof SlackError)) return [];
  return error.faults.flatMap(({ message, pointer }) => {
    const [, index] = /^\/features\/slash_commands\/(\d+)(?:\/|$)/.exec(pointer) ?? [];
    const name = index === undefined ? undefined : names[Number(index)];
    const command = wanted.find((each) => `/${each.name}` === name);
    return command === undefined ? [] : [{ command, reason: message }];
  });
}

/** Each refusal is told when it comes up, and again only after it was gone. */
function tellOnce(log: Log): (refused: readonly Refused[]) => void {
  let known = new Set<string>();
  return (refused) => {
    const keyed = refused.map((each) => ({
      ...each,
      key: JSON.stringify([each.command.name, each.command.service, each.reason]),
    }));
    for (const { command, reason, key } of keyed) {
      if (known.has(key)) continue;
      log.warn('a slash command cannot be offered in Slack', {
        command: `/${command.name}`,
        service: command.service,
        reason,
      });
    }
    known = new Set(keyed.map(({ key }) => key));
  };
}
