/**
 * A command's typed result. Text inside a document is data: each face that renders it makes it harmless for where it is shown
 * (control codes in a terminal, markup in a chat network).
 */
export type Document = Text | Code | Json | Table | Fields | List | Link | Actions | Group;

/** Plain text; line breaks are kept. */
export interface Text {
  readonly kind: 'text';
  readonly text: string;
  /** It is about the answer, not part of it: filters leave it where it is. */
  readonly isNote?: boolean;
}

/** Text whose spacing matters. */
export interface Code {
  readonly kind: 'code';
  readonly text: string;
  readonly language?: string;
}

/** One JSON value, exactly as it is to be shown: digits, key order and spacing are the sender's or the command's. */
export interface Json {
  readonly kind: 'json';
  readonly text: string;
}

export interface Column {
  readonly title: string;
  /** In a terminal: how many TABs stand between this column and the next. Default 1, and on a screen as many spaces as it takes. */
  readonly tabs?: number;
}

/** Rows have as many cells as there are columns. */
export interface Table {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** Named values of one thing. A terminal shows `name: value` lines. */
export interface Fields {
  readonly kind: 'fields';
  readonly fields: readonly Field[];
}

/** A terminal shows one item a line. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly string[];
}

export interface Link {
  readonly kind: 'link';
  readonly url: string;
  readonly label: string;
}

/** What can be done next. A network with buttons shows them; elsewhere there is nothing to see. */
export interface Actions {
  readonly kind: 'actions';
  readonly actions: readonly Action[];
}

/** Something that its person could as well have typed. */
export interface Action {
  readonly label: string;
  /** A line to the bot, without its name. */
  readonly line: string;
}

/** Several documents, one after the other. `gap` is the number of blank lines between them in a terminal, default 1. */
export interface Group {
  readonly kind: 'group';
  readonly parts: readonly Document[];
  readonly gap?: number;
}

export const text = (value: string): Text => ({ kind: 'text', text: value });
