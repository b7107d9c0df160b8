import { conversation, mayPost, show } from './chat.ts';
import { listOf, someText, textOf } from './fields.ts';
import type { Method } from './method.ts';
import { Refusal, refusalWith } from './refusal.ts';
import { change, newId, type ShownFile, type World } from './world.ts';

/** A file in three steps: where to, the bytes, and who sees it. */
export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': {
    token: 'bot',
    scope: 'files:write',
    required: ['filename', 'length'],
    optional: ['alt_txt', 'alt_text', 'snippet_type'],
    run(args, at, world) {
      const length = Number(args['length']);
      if (!Number.isInteger(length) || length < 0)
        throw refusalWith('invalid_arguments', ['length must be an integer']);
      if (length === 0) throw new Refusal('file_upload_size_restricted');
      const id = newId('F');
      const name = textOf(args['filename']);
      world.uploads.set(id, { id, team: at.team, name, length, content: undefined, completed: false });
      return { upload_url: `${world.origin()}/upload/${id}`, file_id: id };
    },
  },
  'files.completeUploadExternal': {
    token: 'bot',
    scope: 'files:write',
    required: ['files'],
    optional: ['channel_id', 'channels', 'initial_comment', 'thread_ts', 'blocks', 'highlight_type'],
    run(args, at, world) {
      const asked = listOf(args['files']);
      if (asked === undefined || asked.length === 0) throw refusalWith('invalid_arguments', ['files must be a list']);
      const files = asked.map((file): ShownFile => {
        const upload = world.uploads.get(textOf(file['id']));
        if (upload?.content === undefined || upload.team !== at.team || upload.completed) {
          throw new Refusal('file_not_found');
        }
        const title = someText(file['title']) ?? upload.name;
        return { id: upload.id, name: upload.name, title, content: upload.content.toString() };
      });
      const id = someText(args['channel_id']);
      const channel = id === undefined ? undefined : conversation(at, id);
      if (channel !== undefined) mayPost(channel, at);
      for (const { id } of files) {
        const upload = world.uploads.get(id);
        if (upload !== undefined) upload.completed = true;
      }
      if (channel !== undefined) {
        const thread = someText(args['thread_ts']);
        const text = textOf(args['initial_comment']);
        const { ts } = show(world, at, channel, { text, blocks: [], thread });
        change(channel, ts, { files });
        world.posted.push({
          method: 'files.completeUploadExternal',
          team: at.team,
          channel: channel.id,
          thread,
          to: undefined,
          text,
          blocks: [],
          ts,
          args,
        });
      }
      return { files: files.map((file) => ({ id: file.id, title: file.title })) };
    },
  },
};

/** Takes the bytes. Throws what Slack says when they are not the announced ones. */
export function upload(world: World, id: string, contentType: string, body: Buffer): string {
  const found = world.uploads.get(id);
  if (found === undefined || found.completed) throw new Refusal('not_found', {}, 404);
  const content = contentType.startsWith('multipart/form-data') ? firstPart(contentType, body) : body;
  if (content === undefined || content.length !== found.length) throw new Refusal('invalid_length', {}, 400);
  found.content = content;
  return `OK - ${content.length}`;
}

/** The first part of a multipart body. */
function firstPart(contentType: string, body: Buffer): Buffer | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const start = body.indexOf('\r\n\r\n');
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return start < 0 || end < 0 ? undefined : body.subarray(start + 4, end);
}
