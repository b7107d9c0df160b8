import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unique } from '../support/name.ts';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** A page of the documentation, by its path from the root. */
export const page = (name: string): string => readFileSync(path(name), 'utf8');

/** The first block of this language. */
export function block(markdown: string, language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(markdown)?.[1];
  if (found === undefined) throw new Error(`the page has no ${language} block`);
  return found;
}

/** A printed program, compiled as its reader would, with the package under its own name. */
export interface Example extends Disposable {
  /** The compiled file. */
  readonly file: string;
}

export function compileExample(source: string): Example {
  const room = path(`.cache/${unique('example')}`);
  const file = `${room}/example.js`;
  mkdirSync(room, { recursive: true });
  writeFileSync(`${room}/example.ts`, source);
  const strict = ['--strict', '--module', 'node16', '--target', 'es2022', '--types', 'node', '--skipLibCheck'];
  const compiler = path('node_modules/ts7/bin/tsc');
  execFileSync(process.execPath, [compiler, '--ignoreConfig', ...strict, `${room}/example.ts`], {
    cwd: path('.'),
    stdio: 'pipe',
  });
  return { file, [Symbol.dispose]: () => rmSync(room, { recursive: true, force: true }) };
}
