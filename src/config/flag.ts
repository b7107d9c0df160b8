/** A setting that can be given on the command line or in the environment. */
export interface Flag {
  /** As in `--name`, with underscores as go-micro has them. */
  readonly name: string;
  /** One more name, a single letter: `-o`. */
  readonly alias?: string;
  /** What a value has to look like. A `list` may be repeated, and is separated by commas in the environment. */
  readonly kind: 'string' | 'boolean' | 'list' | 'integer' | 'duration';
  readonly env?: string;
  /** As it would be typed. */
  readonly default?: string;
  readonly usage: string;
}

/** A list holds one entry each time the flag was given; a boolean is `true` or `false` in words. */
export type Given = ReadonlyMap<string, readonly string[]>;
