/** A message as protobufjs writes it: only what is there, enums as numbers, bytes as `Buffer`s. */
export type Fields = Record<string, unknown>;

/** A type that JSON writes in a form of its own. */
export interface WellKnown {
  /** The fields; undefined when the value is an object with those fields. Throws a `Misfit`. */
  read(json: unknown, depth: number): Fields | undefined;
  write(message: Fields): unknown;
}

/** What reading and writing need to know of a message type, worked out once. */
export interface MessageForm {
  readonly name: string;
  readonly fields: readonly FieldForm[];
  /** By every spelling. */
  readonly bySpelling: ReadonlyMap<string, FieldForm>;
  /** The fields of oneofs: Go's names in what `encoding/json` writes, `{"Choice":{"Text":"x"}}`. */
  readonly byGoName: ReadonlyMap<string, ReadonlyMap<string, FieldForm>>;
  /** JSON of its own, as Google's types have. */
  readonly wellKnown: WellKnown | undefined;
}

export interface FieldForm {
  readonly name: string;
  readonly kind: 'one' | 'list' | 'map';
  readonly item: ItemForm;
  /** The type of a map's keys. */
  readonly keys: string;
  /** The oneof it belongs to, `optional`'s own included. */
  readonly choice: string | undefined;
}

export type ItemForm =
  | { readonly kind: 'scalar'; readonly type: string }
  | EnumForm
  | { readonly kind: 'message'; readonly form: MessageForm };

export interface EnumForm {
  readonly kind: 'enum';
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
  /** What an absent field has. */
  readonly first: number;
}
