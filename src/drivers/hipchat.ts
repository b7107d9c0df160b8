import { ConfigError } from '../config/error.ts';
import type { HipchatConfig } from '../config/hipchat.ts';
import { placeOf } from '../inputs/hipchat/place.ts';
import { type Input, InputError } from '../inputs/input.ts';
import type { Host } from './host.ts';
import { pem } from './xmpp.ts';

/** Throws a `ConfigError` for settings with which there can be no HipChat input. */
export function checkHipchat(hipchat: HipchatConfig): void {
  try {
    placeOf(hipchat);
  } catch (error) {
    if (error instanceof InputError) throw new ConfigError('invalid', error.message, { cause: error });
    throw error;
  }
}

/** The HipChat input as it is configured. Throws a `ConfigError` for a file that can't be read. */
export async function openHipchat(
  hipchat: HipchatConfig,
  { version, log }: Pick<Host, 'version' | 'log'>,
): Promise<Input> {
  const { ca, roomsFile: file } = hipchat;
  const [{ hipchatInput }, { roomsFile }] = await Promise.all([
    import('../inputs/hipchat/hipchat.ts'),
    import('../inputs/xmpp/rooms-file.ts'),
  ]);
  return hipchatInput({
    ...hipchat,
    ca: ca === undefined ? undefined : await pem('hipchat_ca', ca),
    keep: file === undefined ? undefined : roomsFile(file),
    software: { name: 'micro-bot', version },
    log,
  });
}
