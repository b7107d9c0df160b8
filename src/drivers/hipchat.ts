import { ConfigError } from '../config/error.ts';
import type { HipchatConfig } from '../config/hipchat.ts';
import { placeOf } from '../inputs/hipchat/place.ts';
import { type Input, InputError } from '../inputs/input.ts';
import { readEndpoint } from '../inputs/xmpp/account/endpoints.ts';
import { roomsFile } from '../inputs/xmpp/rooms-file.ts';
import { isRoomAddress, readWanted } from '../inputs/xmpp/rooms/address.ts';
import type { Host } from './host.ts';
import { checkFiles, pem } from './xmpp.ts';

/** Rejects with a `ConfigError` for settings with which there can be no HipChat input. Asks nobody. */
export async function checkHipchat(hipchat: HipchatConfig): Promise<void> {
  const { server, ca, roomsFile: file } = hipchat;
  if (server !== '' && readEndpoint(server, 'starttls') === undefined) {
    throw new ConfigError('invalid', `hipchat_server: a server is host or host:port, not ${server}`);
  }
  try {
    const { conference, rooms } = placeOf(hipchat);
    if (!isRoomAddress(`room@${conference}`))
      throw new ConfigError('invalid', `hipchat_conference: ${conference} is no domain`);
    const wrong = rooms.findIndex((room) => readWanted(room, conference) === undefined);
    if (wrong >= 0) {
      const [shown = ''] = hipchat.rooms[wrong]?.split('?', 1) ?? [];
      throw new ConfigError('invalid', `hipchat_rooms: ${shown} is no name of a room`);
    }
  } catch (error) {
    if (error instanceof InputError) throw new ConfigError('invalid', error.message, { cause: error });
    throw error;
  }
  await checkFiles('hipchat', ca, file);
}

/** The HipChat input as it is configured. Throws a `ConfigError` for a file that can't be read. */
export async function openHipchat(
  hipchat: HipchatConfig,
  { version, taken, log }: Pick<Host, 'version' | 'taken' | 'log'>,
): Promise<Input> {
  const { ca, roomsFile: file } = hipchat;
  const { hipchatInput } = await import('../inputs/hipchat/hipchat.ts');
  return hipchatInput({
    ...hipchat,
    ca: ca === undefined ? undefined : await pem('hipchat_ca', ca),
    keep: file === undefined ? undefined : roomsFile(file),
    taken: await taken('hipchat'),
    software: { name: 'micro-bot', version },
    log,
  });
}
