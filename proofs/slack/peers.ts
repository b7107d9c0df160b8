import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Seen from where this is compiled to. */
export const peersFolder: string = fileURLToPath(new URL('../../../proofs/slack/peers/', import.meta.url));

/** Why other people's bots can't be shown; undefined when they are there. Installs them when they are not. */
export function missingPeers(): string | undefined {
  if (existsSync(`${peersFolder}node_modules/.package-lock.json`)) return undefined;
  console.log('installing the other bots into proofs/slack/peers');
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: peersFolder, encoding: 'utf8' });
  if (status === 0) return undefined;
  const [reason = ''] = /npm error .*/.exec(stderr ?? '') ?? [];
  return `Bolt and Hubot are left out: "npm ci" in proofs/slack/peers failed (${reason || `exit ${String(status)}`})`;
}
