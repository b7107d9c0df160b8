import { plainMetadata, plainRecord } from './record-plain.ts';
import type { Endpoint, Metadata } from './registry.ts';

/** What a record says of a version, apart from its nodes. */
export interface Body {
  readonly metadata: Metadata;
  /** Read when it is asked for: of ten thousand services a list needs the names. Each time the same object. */
  endpoints(): readonly Endpoint[];
}

/** The beginning of a record, up to its nodes, with the texts of its parts. */
export interface Beginning {
  readonly name: string;
  readonly version: string;
  readonly metadata: string;
  readonly endpoints: string;
  /** In characters, of which each is a byte. */
  readonly length: number;
}

/** No escapes, and a byte a character. */
const char = '[ !#-\\[\\]-~]';
const text = `"${char}*"`;
/** At least one, with commas between them. */
const listOf = (item: string, [open, close]: readonly [string, string]): string =>
  `\\${open}(?:${item}(?:,(?!\\${close})|(?=\\${close})))+\\${close}`;
const metadata = `(?:null|\\{\\}|${listOf(`(?!"__proto__")${text}:${text}`, ['{', '}'])})`;
const valueWith = (values: string): string => `\\{"name":${text},"type":${text},"values":${values}\\}`;
/** Go describes a message and two levels below it. */
const value = [1, 2].reduce((inner) => valueWith(`(?:null|${listOf(inner, ['[', ']'])})`), valueWith('null'));
const endpoint = `\\{"name":"${char}+","request":(?:null|${value}),"response":(?:null|${value}),"metadata":${metadata}\\}`;
const endpoints = `null|${listOf(endpoint, ['[', ']'])}`;

/**
 * Exactly what go-micro writes when nothing has to be escaped. Whatever matches is JSON and means what it looks like, so it can be read later.
 * To match a text takes a tenth of the time that it takes to read it.
 */
const shape = new RegExp(
  `^\\{"name":"(${char}+)","version":"(${char}*)","metadata":(${metadata}),"endpoints":(${endpoints}),"nodes":`,
);
/** The longer a text, the less is known of what a match costs. */
const maxMatched = 1 << 16;

/** Undefined when the text is nothing that can be read later. */
export function matchBeginning(record: string): Beginning | undefined {
  if (record.length > maxMatched) return undefined;
  const [all, name, version, metadata, endpoints] = shape.exec(record) ?? [];
  if (all === undefined || name === undefined || version === undefined) return undefined;
  return metadata === undefined || endpoints === undefined
    ? undefined
    : { name, version, metadata, endpoints, length: all.length };
}

/** Undefined when the metadata would be read otherwise than they look. */
export function bodyOf({ metadata, endpoints }: Beginning): Body | undefined {
  const known = plainMetadata(JSON.parse(metadata));
  return known === undefined ? undefined : { metadata: known, endpoints: later(endpoints) };
}

/** The endpoints of this JSON, which is known to be well. */
function later(json: string): () => readonly Endpoint[] {
  let unread: string | undefined = json;
  let endpoints: readonly Endpoint[] = [];
  return () => {
    if (unread !== undefined) {
      endpoints = plainRecord({ name: 'any', version: '', endpoints: JSON.parse(unread) })?.endpoints ?? [];
      unread = undefined;
    }
    return endpoints;
  };
}
