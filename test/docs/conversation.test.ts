import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { unique } from '../support/name.ts';
import { page } from './example.ts';

const prompt = 'micro> ';
const root = fileURLToPath(new URL('../..', import.meta.url));
const entities: Readonly<Record<string, string>> = { '&gt;': '>', '&lt;': '<', '&amp;': '&' };

/** The lines of text in the picture, without its title bar. */
const picture = (): readonly string[] =>
  [...page('docs/conversation.svg').matchAll(/<text x="20"[^>]*>(.*)<\/text>/g)].map(([, line = '']) =>
    line.replaceAll(/<[^>]*>/g, '').replaceAll(/&[a-z]+;/g, (entity) => entities[entity] ?? entity),
  );

test('the picture of a conversation is what npm start shows', async () => {
  const lines = picture().filter((line) => line !== `${prompt}█`);
  const isTyped = (line: string): boolean => line.startsWith(prompt);
  const typed = lines.filter(isTyped).map((line) => `${line.slice(prompt.length)}\n`);
  const env = { ...process.env, MICRO_MDNS_DOMAIN: unique('picture') };
  const child = spawn('npm', ['start', '--silent'], { cwd: root, env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(typed.join(''));
  const shown = (await text(child.stdout)).replaceAll('\t', ' '.repeat(8));
  expect(shown.trimEnd().split('\n')).toEqual(lines.filter((line) => !isTyped(line)));
});
