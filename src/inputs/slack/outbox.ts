import type { Document } from '../../document/document.ts';
import type { ReplyKind } from '../input.ts';
import type { Spot } from './spot.ts';

/** What the bot says in Slack: in order, at Slack's pace, and nothing twice. */
export interface Outbox {
  /** The answer to one thing that was asked, or something that nobody asked for. */
  talk(spot: Spot): Talk;
  /** Resolves when everything that was said is with Slack, or `signal` aborts. */
  close(signal: AbortSignal): Promise<void>;
}

export interface Talk {
  /** Resolves when Slack took it, or as much of a progress as is worth showing. Rejects with a `SlackError`. */
  say(document: Document, kind: ReplyKind): Promise<void>;
  /** Nothing more will be said. */
  end(): void;
}
