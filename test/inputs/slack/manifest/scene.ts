import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import type { Api } from '../../../../src/inputs/slack/api.ts';
import { appManifest } from '../../../../src/inputs/slack/manifest/manifest.ts';
import type { SlashCommand, SlashEntry } from '../../../../src/inputs/slack/manifest/slash.ts';
import { createManifestSync, type ManifestSync } from '../../../../src/inputs/slack/manifest/sync.ts';
import { type ConfigTokensOptions, configTokens } from '../../../../src/inputs/slack/manifest/tokens.ts';
import type { Log, LogFields } from '../../../../src/log/log.ts';
import { clientOptions, webApi } from '../../../../src/inputs/slack/web-api.ts';
import { type FakeSlack, startFakeSlack } from '../../../support/slack/fake.ts';
import { fieldsOf, listOf } from '../../../support/slack/fields.ts';

export interface Told extends Log {
  /** Message and fields in one line each. */
  readonly lines: readonly string[];
  /** The words of the errors in them. */
  reasons(): readonly string[];
}

/** A fake Slack with an app that was made from our manifest, and a clock of its own. */
export interface Scene {
  readonly fake: FakeSlack;
  /** Slack's client, without a token. */
  readonly api: Api;
  readonly log: Told;
  readonly now: () => number;
  pass(ms: number): void;
  /** What services want from now on. */
  want(...commands: readonly SlashCommand[]): void;
  /** Nobody knows it from now on. */
  lose(): void;
  /** How often the bot looked. */
  looks(): number;
  /** Starts to keep the app in step. It stops with the test at the latest. */
  start(tokens?: Partial<ConfigTokensOptions>): ManifestSync;
  /** The app's slash commands. */
  entries(): readonly Partial<SlashEntry>[];
  names(): readonly (string | undefined)[];
  /** Somebody changes them by hand. */
  edit(entries: readonly Partial<SlashEntry>[]): void;
}

export async function scene(made: readonly SlashCommand[] = []): Promise<Scene> {
  let clock = Date.now();
  const now = (): number => clock;
  const fake = await startFakeSlack({ now });
  const { manifests } = fake.configuration;
  const { manifest } = appManifest({ name: 'micro', commands: made, mode: { kind: 'socket' } });
  manifests.set(fake.appId, { ...manifest });
  const log = newLog();
  const client = new WebClient(undefined, { ...clientOptions, slackApiUrl: fake.apiUrl, logger: unheard });
  const api = webApi(client, { log });
  const running: ManifestSync[] = [];
  let wanted: readonly SlashCommand[] | undefined = made;
  let looks = 0;
  onTestFinished(async () => {
    await Promise.all(running.map((sync) => sync.close()));
    await fake.stop();
  });
  const features = (): Readonly<Record<string, unknown>> => fieldsOf(manifests.get(fake.appId)?.['features']);
  const entries = (): readonly Partial<SlashEntry>[] => listOf(features()['slash_commands']) ?? [];
  return {
    fake,
    api,
    log,
    now,
    pass(ms) {
      clock += ms;
    },
    want(...commands) {
      wanted = commands;
    },
    lose() {
      wanted = undefined;
    },
    looks: () => looks,
    start(tokens = {}) {
      const sync = createManifestSync({
        api,
        tokens: configTokens({ api, token: fake.configuration.token, log, now, ...tokens }),
        appId: fake.appId,
        commands: () => {
          looks += 1;
          return wanted;
        },
        log,
        now,
        everyMs: 2,
        restMs: 2,
        keepMs: 60_000,
        retryMs: 2,
      });
      running.push(sync);
      return sync;
    },
    entries,
    names: () => entries().map(({ command }) => command),
    edit(changed) {
      manifests.set(fake.appId, {
        ...manifests.get(fake.appId),
        features: { ...features(), slash_commands: changed },
      });
    },
  };
}

function newLog(): Told {
  const lines: string[] = [];
  const reasons: string[] = [];
  const write = (message: string, fields: LogFields = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
    if (fields['error'] instanceof Error) reasons.push(fields['error'].message);
  };
  return { lines, reasons: () => reasons, debug: () => {}, info: write, warn: write, error: write };
}

const unheard: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};
