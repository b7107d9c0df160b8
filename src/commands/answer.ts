import { type Document, text } from '../document/document.ts';
import { scanJsonInSteps } from '../document/json-scan.ts';
import { readJsonString } from '../document/json-string.ts';
import { maskFields } from '../document/mask-json.ts';
import type { Steps } from '../document/steps.ts';
import { jsonAnswer } from './call.ts';

/** A service's answer to a person: the text, when text is all it has to say; otherwise its JSON. */
export function* answerDocument(answer: Buffer, secretFields: readonly string[] = []): Steps<Document> {
  // Before the only text of an answer loses its name.
  const json = yield* maskFields(answer.toString('utf8'), secretFields);
  const only = yield* onlyText(json);
  return only === undefined ? yield* jsonAnswer(json) : text(only);
}

/** The value of the only member of an object, when that is a string. */
function* onlyText(json: string): Steps<string | undefined> {
  if (!beginsWithText.test(json)) return undefined;
  let only: string | undefined;
  let names = 0;
  try {
    yield* scanJsonInSteps(json, (token, start, end) => {
      if (token === 'key') names += 1;
      if (token === 'string') only = json.slice(start, end);
    });
  } catch {
    return undefined;
  }
  return names === 1 && only !== undefined ? readJsonString(only) : undefined;
}

/** An object whose first member is a string: of other ones, nothing more is looked at. */
const beginsWithText = /^\s*\{\s*"(?:[^"\\]|\\.){0,200}"\s*:\s*"/;
