import { allFeatures, appManifest, type Feature } from './manifest.ts';
import type { SlashCommand } from './slash.ts';
import { manifestText } from './text.ts';

export interface PrintOptions {
  /** Of services. */
  readonly commands: readonly SlashCommand[];
  readonly format: 'json' | 'yaml';
  /** Where Slack reaches the bot over HTTP; undefined: Socket Mode. */
  readonly url: string | undefined;
  /** Names of features; undefined: the usual ones. */
  readonly features: readonly string[] | undefined;
}

/** The manifest as it is pasted into Slack. Throws an `Error` for who asked, when there is no such feature. */
export function printManifest({ commands, format, url, features }: PrintOptions): string {
  const unknown = features?.find((each) => !isFeature(each));
  if (unknown !== undefined) throw new Error(`no feature ${unknown}; there are ${allFeatures.join(', ')}`);
  const { manifest, refused } = appManifest({
    name: 'micro',
    commands,
    mode: url === undefined ? { kind: 'socket' } : { kind: 'http', url },
    ...(features === undefined ? {} : { features: features.filter(isFeature) }),
  });
  return manifestText(manifest, format, refused);
}

const isFeature = (name: string): name is Feature => allFeatures.some((each) => each === name);
