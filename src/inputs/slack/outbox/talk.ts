import type { Document } from '../../../document/document.ts';
import type { ReplyKind } from '../../input.ts';
import { SlackError } from '../api.ts';
import type { Spot } from '../spot.ts';
import type { Talk } from '../outbox.ts';
import { answer, whisper } from './answer.ts';
import type { Desk } from './desk.ts';
import { createProgress } from './progress.ts';
import { createVoice } from './voice.ts';

/** In a channel so far behind, progress is left out first, and in the end nothing more is taken. */
const most = { progress: 50, end: 100 };

/** The answer to one thing that was asked, or something that nobody asked for. `over` is called once, when nothing more will be said. */
export function createTalk(spot: Spot, desk: Desk, over: () => void): Talk {
  const { team, channel, thread = '', direct } = spot;
  const voice = createVoice(spot, desk);
  const watched = desk.reactions.watch(spot);
  const enqueue = (limit: number, work: () => Promise<void>): Promise<void> | undefined =>
    desk.order.add(`${team}/${channel}`, thread, limit, work);
  const progress = createProgress(spot, voice, desk, (work) => enqueue(most.progress, work));
  let isEnding = false;

  const finish = async (document: Document, kind: Exclude<ReplyKind, 'progress'>): Promise<void> => {
    // What was reported is part of the first end.
    const reported = isEnding ? undefined : progress;
    isEnding = true;
    const said = { whole: reported?.end(document) ?? document, last: document };
    const taken = enqueue(most.end, async () => {
      const isForAll = kind === 'answer' || spot.user === undefined || reported?.posted !== undefined;
      // In a conversation of two nobody else reads it; a slash command may have been typed in one between others.
      const isPrivate = direct && spot.responseUrl === undefined;
      if (!isForAll && !isPrivate && (await whisper(said, voice))) return;
      await answer(said, reported?.posted, spot, voice, desk);
    });
    try {
      if (taken === undefined) throw new SlackError('unavailable', '', 'too much waits to be said in this channel');
      await taken;
      watched.finish(kind === 'error' ? 'bad' : 'good');
    } catch (error) {
      watched.finish('bad');
      throw error;
    }
  };

  return {
    async say(document, kind) {
      try {
        if (desk.signal.aborted) throw closed();
        if (kind === 'progress') await progress.report(document);
        else await finish(document, kind);
      } catch (error) {
        if (error instanceof SlackError) throw error;
        if (desk.signal.aborted) throw closed();
        const message = error instanceof Error ? error.message : String(error);
        throw new SlackError('refused', '', `it could not be shown: ${message}`, { cause: error });
      }
    },
    end() {
      progress.end();
      // One that is on its way ends it.
      if (!isEnding) watched.finish('none');
      over();
    },
  };
}

export const closed = (): SlackError =>
  new SlackError('unavailable', '', 'nothing more is said: the bot is leaving Slack');
