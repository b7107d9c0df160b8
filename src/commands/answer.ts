import { type Document, text } from '../document/document.ts';
import { maskFields } from '../document/mask-json.ts';
import { jsonAnswer } from './call.ts';

/** A service's answer to a person: the text, when text is all it has to say; otherwise its JSON. */
export function answerDocument(answer: Buffer, secretFields: readonly string[] = []): Document {
  // Before the only text of an answer loses its name.
  const json = maskFields(answer.toString('utf8'), secretFields);
  const document = jsonAnswer(json);
  return document.kind === 'json' ? (onlyText(json) ?? document) : document;
}

/** The value of the only member of an object, when that is a string. */
function onlyText(json: string): Document | undefined {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [only, ...more] = Object.values(value);
  return typeof only === 'string' && more.length === 0 ? text(only) : undefined;
}
