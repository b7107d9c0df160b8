/** One block of Slack's Block Kit. */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** What fits into one message. */
export interface Rendered {
  /** For notifications and readers of a screen; escaped, it shows no markup. */
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** A document as Slack shows it. */
export interface RenderedDocument {
  /** One after the other; at least one. */
  readonly messages: readonly [Rendered, ...Rendered[]];
  /** Set where the document is too long for that: the messages show its beginning, the file all of it. */
  readonly file: RenderedFile | undefined;
}

export interface RenderedFile {
  readonly name: string;
  readonly title: string;
  readonly content: string;
}
