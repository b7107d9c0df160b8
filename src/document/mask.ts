import { changed, each, eachNow } from './change.ts';
import type { Actions, Document, Link } from './document.ts';
import { text } from './document.ts';
import { type IsSecret, type Mask, maskJson, secretMark } from './mask-json.ts';
import type { Steps } from './steps.ts';

export type { Mask } from './mask-json.ts';

/**
 * The document with `mask` over each of its strings. JSON stays JSON. An address that is not whole any more is no link, and what would run
 * another line than it says is no button. `isSecret` names members whose values go, whatever they are: of JSON, also in a text, of fields,
 * and the columns of a table. Returns the very document when nothing was masked.
 */
export function* maskDocument(document: Document, mask: Mask, isSecret?: IsSecret): Steps<Document> {
  yield;
  switch (document.kind) {
    case 'text':
    case 'code':
      return changed(document, { text: yield* maskText(document.text, mask, isSecret) });
    case 'json':
      return changed(document, { text: yield* jsonOf(document.text, mask, isSecret) });
    case 'table': {
      const { columns, rows } = document;
      const hidden = columns.map(({ title }) => isSecret?.([title]) === true);
      return changed(document, {
        columns: eachNow(columns, (column) => changed(column, { title: mask(column.title) })),
        rows: yield* each(rows, (row) => eachNow(row, (cell, at) => (hidden[at] === true ? secretMark : mask(cell)))),
      });
    }
    case 'fields': {
      const fields = yield* each(document.fields, (field) =>
        changed(field, {
          name: mask(field.name),
          value: isSecret?.([field.name]) === true ? secretMark : mask(field.value),
        }),
      );
      return changed(document, { fields });
    }
    case 'list':
      return changed(document, { items: yield* each(document.items, mask) });
    case 'link':
      return maskLink(document, mask);
    case 'actions':
      return maskActions(document, mask);
    case 'group': {
      const parts: Document[] = [];
      for (const part of document.parts) parts.push(yield* maskDocument(part, mask, isSecret));
      return changed(document, { parts: eachNow(document.parts, (part, index) => parts[index] ?? part) });
    }
    default:
      return document satisfies never;
  }
}

/** A text may be JSON by itself, as where a service's answer is shown as it came. */
function* maskText(value: string, mask: Mask, isSecret: IsSecret | undefined): Steps<string> {
  if (isSecret === undefined || !/^\s*[[{]/.test(value)) return mask(value);
  try {
    return yield* maskJson(value, mask, isSecret);
  } catch {
    return mask(value);
  }
}

/** What is no JSON is not shown where members of it are secret: nobody can tell which part of it is one. */
function* jsonOf(value: string, mask: Mask, isSecret: IsSecret | undefined): Steps<string> {
  try {
    return yield* maskJson(value, mask, isSecret);
  } catch {
    return isSecret === undefined ? mask(value) : JSON.stringify(secretMark);
  }
}

function maskLink(link: Link, mask: Mask): Document {
  const [label, url] = [mask(link.label), mask(link.url)];
  if (url !== link.url) return text(label === '' || label === url ? url : `${label} (${url})`);
  return changed(link, { label });
}

function maskActions(document: Actions, mask: Mask): Document {
  const left = document.actions.filter(({ line }) => mask(line) === line);
  const isWhole = left.length === document.actions.length;
  return changed(document, {
    actions: eachNow(isWhole ? document.actions : left, (action) => changed(action, { label: mask(action.label) })),
  });
}
