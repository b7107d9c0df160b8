import { SlackError } from '../api.ts';
import type { Spot } from '../spot.ts';
import type { RenderedFile } from '../rendered.ts';
import type { Desk } from './desk.ts';

/** What became of a file: `unsure` when Slack did not say whether it shows it. */
export type Shared = 'shared' | 'not shared' | 'unsure';

const scope = 'files:write';

/** Shows a file where something was asked. Rejects only when the desk's signal aborts. */
export async function shareFile(file: RenderedFile, spot: Spot, desk: Desk): Promise<Shared> {
  const { team, channel, thread } = spot;
  const { hooks, scopes, log, signal } = desk;
  if (scopes.lacks(team, scope)) return 'not shared';
  const failed = (error: unknown): void => {
    signal.throwIfAborted();
    if (!scopes.learn(team, scope, error)) log.warn('a file was not shared', { team, channel, error });
  };
  const api = desk.api(team);
  let id: unknown;
  try {
    const length = Buffer.byteLength(file.content);
    const place = await api.call('files.getUploadURLExternal', { filename: file.name, length }, signal);
    id = place['file_id'];
    const url = place['upload_url'];
    if (typeof id !== 'string' || typeof url !== 'string' || !hooks.isSlack(url)) {
      throw new SlackError('unavailable', '', 'Slack names no place for the file');
    }
    await hooks.upload(url, file.content, signal);
  } catch (error) {
    failed(error);
    return 'not shared';
  }
  try {
    await desk.messages(team, channel).take(signal);
    const where = { channel_id: channel, ...(thread === undefined ? {} : { thread_ts: thread }) };
    await api.call('files.completeUploadExternal', { files: [{ id, title: file.title }], ...where }, signal);
    return 'shared';
  } catch (error) {
    failed(error);
    return error instanceof SlackError && error.code === 'refused' ? 'not shared' : 'unsure';
  }
}
