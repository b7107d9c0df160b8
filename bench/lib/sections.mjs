import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const TITLE = `# The last run of each part

Written by \`npm run bench\`; [README.md](README.md) says how to read it.
`;

/** Puts the text of each part that ran in the place of what the file says of it; what else stands there stays. `order`: all parts. */
export function writeSections(file, order, texts) {
  const known = new Map(existsSync(file) ? sections(readFileSync(file, 'utf8')) : []);
  for (const [part, text] of Object.entries(texts)) known.set(part, text);
  const parts = order.filter((part) => known.has(part)).map((part) => `## ${part}\n\n${known.get(part)}\n`);
  writeFileSync(file, [TITLE, ...parts].join('\n'));
}

const sections = (text) =>
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end).trim(), section.slice(end).trim()];
    });
