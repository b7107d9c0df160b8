/** What somebody said to an account, and how to answer it. */
export interface Said {
  /** Two with a key in common are the same thing. */
  readonly keys: readonly [string, ...string[]];
  /** Where the answer goes: a room, a person, or a person in a room. */
  readonly to: string;
  readonly kind: 'chat' | 'groupchat' | 'private';
  /** Who it was, as far as it can be known and never a nick: a bare address, or `room/occupant-id`; for nobody known `room/anonymous`. */
  readonly sender: string;
  readonly isKnown: boolean;
  /** How the person is called there, to be addressed in an answer. Empty where nobody asked. */
  readonly nick: string;
  readonly text: string;
  readonly addressed: boolean;
  readonly thread: string | undefined;
  /** Of their message, to refer to. */
  readonly id: string | undefined;
  /** They want to know that it came (XEP-0184). */
  readonly wantsReceipt: boolean;
  /** Their program shows whether somebody is typing (XEP-0085). */
  readonly hasChatStates: boolean;
}
