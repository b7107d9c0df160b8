import type { Document } from '../../src/document/document.ts';
import { renderHome } from '../../src/inputs/slack/render/home.ts';
import { renderSlack } from '../../src/inputs/slack/render/render.ts';
import { problemsOf, problemsOfHome } from '../../test/inputs/slack/render/accepted.ts';
import { hostileDocuments } from '../../test/inputs/slack/render/hostile-corpus.ts';
import type { Proof } from '../proof.ts';
import { count } from './words.ts';

/** Half of them from where markup is made of, half from all of Unicode, halves of characters included. */
const randomTexts = 100_000;
const longest = 60;
const markup = '<>!@#|&;`*_~:/[](){}"\'\\ \n\thtps.abchannelUWSCB0129\u200b\u202e';

export const hostile: Proof = {
  name: 'slack hostile',
  what: `what hostile services say, and ${count(randomTexts)} texts at random`,
  goal: 'no mention, link or broken fence is alive in what Slack gets, and Slack takes it',
  async run(share) {
    const corpus = Object.values(hostileDocuments)
      .flat()
      .map(({ document }) => document);
    const texts = Math.ceil(randomTexts * share);
    const alive = new Set<string>();
    for (const document of corpus) for (const problem of judge(document)) alive.add(problem);
    for (let index = 0; index < texts; index += 1) {
      for (const problem of judge({ kind: index % 3 === 0 ? 'code' : 'text', text: random(index % 2 === 0) }))
        alive.add(problem);
    }
    const found = [...alive].slice(0, 3).map((problem) => problem.slice(0, 80));
    return {
      figure: `${count(corpus.length)} of the corpus and ${count(texts)} at random: ${alive.size} alive${found.length > 0 ? ` (${found.join('; ')})` : ''}`,
      met: alive.size === 0 && corpus.length >= 500,
    };
  },
};

const judge = (document: Document): readonly string[] => {
  const urls = linksIn(document);
  const options = { mention: 'U7' };
  return [
    ...renderSlack(document, options).messages.flatMap((message) => problemsOf(message, { ...options, urls })),
    ...problemsOfHome(renderHome(document).blocks, { urls }),
  ];
};

/** A link document is one on purpose. */
function linksIn(document: Document): readonly string[] {
  if (document.kind === 'group') return document.parts.flatMap(linksIn);
  return document.kind === 'link' ? [document.url] : [];
}

function random(ofMarkup: boolean): string {
  const length = Math.ceil(Math.random() * longest);
  return Array.from({ length }, () =>
    ofMarkup
      ? markup.charAt(Math.floor(Math.random() * markup.length))
      : String.fromCharCode(Math.floor(Math.random() * 0x10000)),
  ).join('');
}
