import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { Input } from '../inputs/input.ts';
import { readEndpoint } from '../inputs/xmpp/account/endpoints.ts';
import { readJid } from '../inputs/xmpp/account/jid.ts';
import { isCertificate } from '../inputs/xmpp/account/pem.ts';
import { roomsFile } from '../inputs/xmpp/rooms-file.ts';
import { isRoomAddress, readWanted } from '../inputs/xmpp/rooms/address.ts';
import type { Host } from './host.ts';

/** Rejects with a `ConfigError` that names the flag for settings with which there can be no XMPP input. Asks nobody. */
export async function checkXmpp({ bot: { xmpp } }: Config): Promise<void> {
  const { accounts, server, security, ca, muc, rooms, roomsFile: file } = xmpp;
  if (accounts.length === 0) throw new ConfigError('invalid', 'missing xmpp jid');
  for (const { jid, password } of accounts) {
    if (readJid(jid) === undefined) throw refused('jid', `an account is user@domain, not ${jid}`);
    if (password === '') throw new ConfigError('invalid', `missing xmpp password for ${jid}`);
  }
  if (server !== undefined && readEndpoint(server, security) === undefined) {
    throw refused('server', `a server is host or host:port, not ${server}`);
  }
  if (muc !== undefined && !isRoomAddress(`room@${muc}`)) throw refused('muc', `${muc} is no domain`);
  for (const room of rooms) checkRoom(room, muc);
  await checkFiles('xmpp', ca, file);
}

function checkRoom(room: string, muc: string | undefined): void {
  if (room === '*' && muc === undefined) throw refused('rooms', '* needs xmpp_muc, the domain of the rooms');
  if (room === '*' || readWanted(room, muc) !== undefined) return;
  // A password follows.
  const [shown = ''] = room.split('?', 1);
  const how =
    shown.includes('@') || muc !== undefined
      ? 'it is written ops@conference.chat.example'
      : 'it needs xmpp_muc, the domain of the rooms';
  throw refused('rooms', `${shown} is no address of a room: ${how}`);
}

/** Those that an input on XMPP reads. Rejects with a `ConfigError` for what is in the way. */
export async function checkFiles(network: string, ca: string | undefined, rooms: string | undefined): Promise<void> {
  if (ca !== undefined && !isCertificate(await pem(`${network}_ca`, ca))) {
    throw new ConfigError('invalid', `${network}_ca: there is no certificate in PEM in ${ca}`);
  }
  if (rooms === undefined) return;
  try {
    await roomsFile(rooms)('').load();
  } catch (error) {
    throw unreadable(`${network}_rooms_file`, error);
  }
}

const refused = (flag: string, sentence: string): ConfigError =>
  new ConfigError('invalid', `xmpp_${flag}: ${sentence}`);

/** The XMPP input as it is configured. Throws a `ConfigError` for a file that can't be read. */
export async function openXmpp({ config, version, taken, log }: Host): Promise<Input> {
  const { accounts, server, security, ca, muc, rooms, nick, roomsFile: file, debug } = config.bot.xmpp;
  const { xmppInput } = await import('../inputs/xmpp/xmpp.ts');
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
    taken: await taken('xmpp'),
    debug,
    log,
  });
}

/** The text of a file that a flag names. */
export async function pem(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(flag, error);
  }
}

const unreadable = (flag: string, error: unknown): ConfigError =>
  new ConfigError('invalid', `${flag} can't be read: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
