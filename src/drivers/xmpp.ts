import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Input } from '../inputs/input.ts';
import type { Host } from './host.ts';

/** Throws a `ConfigError` for settings with which there can be no XMPP input. */
export function checkXmpp({ bot: { xmpp } }: Config): void {
  if (xmpp.accounts.length === 0) throw new ConfigError('invalid', 'missing xmpp jid');
  const silent = xmpp.accounts.find(({ password }) => password === '');
  if (silent !== undefined) throw new ConfigError('invalid', `missing xmpp password for ${silent.jid}`);
}

/** The XMPP input as it is configured. Throws a `ConfigError` for a file that can't be read. */
export async function openXmpp({ config, version, log }: Host): Promise<Input> {
  const { accounts, server, security, ca, muc, rooms, nick, roomsFile: file, debug } = config.bot.xmpp;
  const [{ xmppInput }, { roomsFile }] = await Promise.all([
    import('../inputs/xmpp/xmpp.ts'),
    import('../inputs/xmpp/rooms-file.ts'),
  ]);
  return xmppInput({
    accounts,
    server,
    // Without a server DNS tells how.
    mode: server === undefined && security === 'starttls' ? undefined : security,
    ca: ca === undefined ? undefined : await pem('xmpp_ca', ca),
    conference: muc,
    rooms,
    ...(nick === undefined ? {} : { nick }),
    keep: file === undefined ? undefined : roomsFile(file),
    software: { name: 'micro-bot', version },
    debug,
    log,
  });
}

/** The text of a file that a flag names. */
export async function pem(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError('invalid', `${flag} can't be read: ${reason}`, { cause: error });
  }
}
