import type { Document } from '../../../document/document.ts';
import type { ReplyKind } from '../../input.ts';
import { XmppError } from '../account.ts';
import type { Said } from '../said.ts';
import { contents, summary } from './answer.ts';
import { type Desk, leaving } from './desk.ts';
import { createProgress, type Ending } from './progress.ts';
import { receipt } from './stanza.ts';
import { createTyping } from './typing.ts';
import { conversationOf, type Target, targetOf, whisperOf } from './target.ts';

export interface Talk {
  /**
   * Resolves when the server has it, or as much of a progress as is worth showing. Rejects with an `XmppError`; what was not delivered
   * then is not said again.
   */
  say(document: Document, kind: ReplyKind): Promise<void>;
  /** Nothing more will be said. */
  end(): void;
}

/** In a conversation so far behind, progress is left out first, and in the end nothing more is taken. */
const most = { progress: 50, end: 100 };
/** The person is gone: what was for them alone is for nobody. */
const gone: ReadonlySet<string> = new Set(['item-not-found', 'recipient-unavailable', 'gone']);

/** The answer to one thing that was said. `over` is called once, when nothing more will be said. */
export function createTalk(said: Said, desk: Desk, over: () => void): Talk {
  const { voice, order, rooms, log, signal } = desk;
  const target = targetOf(said, rooms);
  const alone = said.kind === 'groupchat' ? whisperOf(said, rooms) : target;
  const typing = createTyping(said, target, desk);
  const before = said.kind === 'groupchat' && said.nick !== '' ? desk.address(said) : '';
  const enqueue = (limit: number, work: () => Promise<void>): Promise<void> | undefined =>
    order.add(conversationOf(target), '', limit, work);
  const progress = createProgress(
    target,
    desk,
    (document, last) => summary(document, last, target, before, desk),
    (work) => enqueue(most.progress, work),
  );
  let isEnding = false;
  if (said.wantsReceipt && said.id !== undefined) {
    const { id } = said;
    voice.hint(target, (own) => receipt(target, id, own));
  }

  /** Says all of it. Only the first message of it can come back for somebody to hear of it. */
  const sayAll = async (
    where: Target,
    { document, replaces }: Ending,
    onReturn?: (condition: string) => void,
  ): Promise<void> => {
    if (document === undefined) return;
    const all = await contents(document, where, where === target ? before : '', desk);
    const isActive = typing.stop();
    for (const [index, content] of all.entries()) {
      await voice.say(
        where,
        content,
        index === 0 ? { replaces, isActive, onReturn } : { onReturn: onReturn && ignore },
      );
    }
  };

  /** What the room did not let through is said in it. */
  const aloud =
    (document: Document) =>
    (condition: string): void => {
      if (gone.has(condition)) {
        log.debug('somebody left before the answer', { to: alone.to, condition });
        return;
      }
      log.debug('the room takes nothing for one person: all hear it', { to: alone.to, condition });
      const again = enqueue(most.end, () => sayAll(target, { document, replaces: undefined }));
      again?.catch((error: unknown) => log.warn('an answer that came back was not said', { to: target.to, error }));
    };

  const finish = async (document: Document, kind: Exclude<ReplyKind, 'progress'>): Promise<void> => {
    // What was reported is part of the first end.
    const reported = isEnding ? undefined : progress;
    isEnding = true;
    reported?.end();
    const taken = enqueue(most.end, async () => {
      const isForOne =
        kind !== 'answer' && desk.canWhisper && target.kind === 'groupchat' && alone.person !== undefined;
      if (isForOne && reported?.isShown !== true) {
        await sayAll(alone, { document, replaces: undefined }, aloud(document));
      } else await sayAll(target, reported?.ending(document) ?? { document, replaces: undefined });
    });
    if (taken === undefined) throw new XmppError('unavailable', '', 'too much waits to be said in this conversation');
    await taken;
  };

  return {
    async say(document, kind) {
      try {
        signal.throwIfAborted();
        if (kind === 'progress') await progress.report(document);
        else await finish(document, kind);
      } catch (error) {
        if (error instanceof XmppError) throw error;
        if (signal.aborted) throw leaving();
        const message = error instanceof Error ? error.message : String(error);
        throw new XmppError('refused', '', `it could not be shown: ${message}`, { cause: error });
      }
    },
    end() {
      progress.end();
      typing.end();
      over();
    },
  };
}

const ignore = (): void => {};
