import { type Document, text } from '../../../document/document.ts';
import { SlackError } from '../api.ts';
import type { Spot } from '../spot.ts';
import { type RenderOptions, renderSlack } from '../render/render.ts';
import type { Rendered, RenderedDocument } from '../rendered.ts';
import type { Desk } from './desk.ts';
import { shareFile } from './file.ts';
import { inShort } from './in-short.ts';
import type { Posted, Voice } from './voice.ts';

/** Without a file so many messages are still no flood. */
const mostMessages = 20;
const unsure = text('(Slack did not confirm that it has the file: it may be missing.)');
const cut = text('(The rest is too long for messages.)');

/** What is said in the end. */
export interface Said {
  /** All of it: what was reported before, too. */
  readonly whole: Document;
  readonly last: Document;
}

/** Says it for all who are there. What was `posted` before becomes its beginning. */
export async function answer(
  { whole, last }: Said,
  posted: Posted | undefined,
  spot: Spot,
  voice: Voice,
  desk: Desk,
): Promise<void> {
  const options = spot.direct || spot.user === undefined ? {} : { mention: spot.user };
  const { messages, file } = rendering({ whole, last }, options);
  const [first, ...others] = file === undefined ? messages : await withFile();
  const isChanged = posted !== undefined && (await changed(posted, first));
  if (!isChanged) await voice.say(first);
  for (const message of others) await voice.say(message);

  async function withFile(): Promise<readonly [Rendered, ...Rendered[]]> {
    if (file === undefined) return messages;
    const shared = await shareFile(file, spot, desk);
    switch (shared) {
      case 'shared':
        return messages;
      case 'unsure':
        return [...messages, ...renderSlack(unsure, {}).messages];
      case 'not shared':
        return withoutFile({ whole, last }, options);
      default:
        return shared satisfies never;
    }
  }

  /** False when that message can't be changed (any more): somebody deleted it, or messages may not be edited after a while. */
  async function changed(target: Posted, message: Rendered): Promise<boolean> {
    try {
      desk.changes(spot.team).charge();
      await voice.change(target, message);
      return true;
    } catch (error) {
      if (!(error instanceof SlackError) || error.code !== 'refused') throw error;
      desk.log.debug('a progress was not replaced', { team: spot.team, channel: spot.channel, error });
      return false;
    }
  }
}

/** Says it for who asked alone. False when Slack can't show it so; nothing was said then. */
export async function whisper(said: Said, voice: Voice): Promise<boolean> {
  const rendered = rendering(said, {});
  // A file would be there for everybody.
  const [first, ...others] = rendered.file === undefined ? rendered.messages : withoutFile(said, {});
  try {
    await voice.whisper(first);
  } catch (error) {
    if (error instanceof SlackError && error.code === 'refused') return false;
    throw error;
  }
  for (const message of others) await voice.whisper(message);
  return true;
}

/** In as many messages as it takes, up to a point. */
function withoutFile(said: Said, options: RenderOptions): readonly [Rendered, ...Rendered[]] {
  const { messages } = rendering(said, { ...options, maxMessages: mostMessages + 1 });
  if (messages.length <= mostMessages) return messages;
  const [first, ...others] = messages;
  return [first, ...others.slice(0, mostMessages - 1), ...renderSlack(cut, {}).messages];
}

function rendering({ whole, last }: Said, options: RenderOptions): RenderedDocument {
  const rendered = renderSlack(whole, options);
  return whole === last ? rendered : inShort(rendered, last, options);
}
