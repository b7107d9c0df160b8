import { type Answer, SlackError } from '../api.ts';
import type { Spot } from '../spot.ts';
import type { Block, Rendered } from '../rendered.ts';
import type { Desk } from './desk.ts';

/** A message of ours that can be changed. */
export interface Posted {
  readonly channel: string;
  readonly ts: string;
}

/** Says single messages where something was asked. All reject as `Api.call` does. */
export interface Voice {
  /** For all who are there. */
  say(message: Rendered): Promise<void>;
  /** For all who are there, and in a way that it can be changed later. Undefined when Slack did not tell how. */
  open(message: Rendered): Promise<Posted | undefined>;
  change(posted: Posted, message: Rendered): Promise<void>;
  /** For who asked alone. */
  whisper(message: Rendered): Promise<void>;
}

type Content = Readonly<Record<string, unknown>>;
/** Slack's limit is five within half an hour; a moment is lost on the way. */
const mostReplies = 5;
const replyMs = 29 * 60_000;
/** Slack does not say all of its limits: what has too much in it is said in short rather than not at all. */
const tooMuch: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
]);
const quiet = { unfurl_links: false, unfurl_media: false };

export function createVoice(spot: Spot, desk: Desk): Voice {
  const { team, channel, user } = spot;
  const { hooks, log, signal } = desk;
  const thread = spot.thread === undefined ? {} : { thread_ts: spot.thread };
  const askedAt = performance.now();
  let replyUrl = spot.responseUrl;
  let replies = 0;
  if (replyUrl !== undefined && !hooks.isSlack(replyUrl)) {
    log.warn('not answered by its response URL: that is not at Slack', { team, channel });
    replyUrl = undefined;
  }

  const call = (method: string, args: Content): Promise<Answer> => desk.api(team).call(method, args, signal);

  /** Sends it, in short if Slack can't take its blocks. */
  const send = async <T>(message: Rendered, sent: (content: Content) => Promise<T>): Promise<T> => {
    const { text, blocks } = message;
    try {
      return await sent({ text, blocks });
    } catch (error) {
      if (!(error instanceof SlackError) || !tooMuch.has(error.reason)) throw error;
      log.warn('Slack does not take these blocks: only their beginning is shown', { team, channel, error });
      return sent({ text, blocks: [inShort(text)] });
    }
  };

  const post = (message: Rendered): Promise<Answer> =>
    send(message, async (content) => {
      await desk.messages(team, channel).take(signal);
      return call('chat.postMessage', { channel, ...thread, ...content, ...quiet });
    });

  /** False when it can't be answered that way (any more), which also works where the bot is no member. */
  const reply = async (message: Rendered, type: 'in_channel' | 'ephemeral'): Promise<boolean> => {
    const url = replyUrl;
    if (url === undefined || replies >= mostReplies || performance.now() - askedAt > replyMs) return false;
    try {
      await send(message, async (content) => {
        await desk.messages(team, channel).take(signal);
        replies += 1;
        const way = { response_type: type, replace_original: false, ...thread, ...quiet };
        await hooks.respond(url, channel, { ...way, ...content }, signal);
      });
      return true;
    } catch (error) {
      if (!(error instanceof SlackError) || error.code !== 'refused') throw error;
      log.debug('not answered by its response URL', { team, channel, error });
      replyUrl = undefined;
      return false;
    }
  };

  return {
    async say(message) {
      if (!(await reply(message, 'in_channel'))) await post(message);
    },
    async open(message) {
      const answer = await post(message);
      const { ts } = answer;
      const where = answer['channel'];
      return typeof ts === 'string' && typeof where === 'string' ? { channel: where, ts } : undefined;
    },
    async change({ channel: where, ts }, message) {
      await send(message, (content) => call('chat.update', { channel: where, ts, ...content, ...quiet }));
    },
    async whisper(message) {
      if (await reply(message, 'ephemeral')) return;
      await send(message, async (content) => {
        await desk.messages(team, channel).take(signal);
        await call('chat.postEphemeral', { channel, user, ...thread, ...content });
      });
    },
  };
}

/** The text of a notification as a block: in a message of its own its addresses would be links. */
const inShort = (text: string): Block => {
  const plain = text
    .replace(/^<@\w+> /, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  return { type: 'section', text: { type: 'plain_text', text: plain, emoji: false } };
};
