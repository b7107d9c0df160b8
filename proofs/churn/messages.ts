/** What the nodes are told to do. */
export type Order =
  | {
      readonly kind: 'join';
      readonly id: string;
      readonly service: string;
      readonly version: string;
      readonly host: string;
    }
  /** Takes itself out of the registry, then closes. */
  | { readonly kind: 'leave'; readonly id: string }
  /** Closes, and says nothing to the registry. */
  | { readonly kind: 'crash'; readonly id: string };

/** What the nodes tell. */
export type Report =
  /** It takes connections and is registered. */
  | { readonly kind: 'up'; readonly id: string }
  /** It takes no connections any more, since `at` (`nowMs`). */
  | { readonly kind: 'gone'; readonly id: string; readonly at: number };

/** What the witness tells of the registry. Times are `nowMs`. */
export type Testimony =
  | {
      readonly kind: 'node';
      readonly service: string;
      readonly id: string;
      readonly isThere: boolean;
      readonly at: number;
    }
  /** All was read again: until `at` nothing is missing. */
  | { readonly kind: 'listed'; readonly at: number };
