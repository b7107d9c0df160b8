import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Module from 'protobufjs';
import { unresolvedIn } from './proto-unresolved.ts';

type Protobuf = (typeof Module)['default'];

/** Finds the text of an import, or nothing. */
export type Resolve = (name: string) => string | undefined | Promise<string | undefined>;

/** One file: its name and what is in it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A root with the file and all that it imports, every name in it resolved. */
export async function parseProto(file: Source, resolve: Resolve = () => undefined): Promise<Module.Root> {
  const { default: protobuf } = await import('protobufjs');
  const root = new protobuf.Root();
  const sources = [file];
  const known = new Set([file.name]);

  for (const source of sources) {
    const { imports = [], weakImports = [] } = parse(protobuf, root, source);
    for (const name of [...imports, ...weakImports]) {
      if (known.has(name)) continue;
      known.add(name);
      const wellKnown = protobuf.common.get(name)?.nested;
      if (wellKnown !== undefined) {
        root.addJSON(wellKnown);
        continue;
      }
      const text = (await resolve(name)) ?? (await shipped(name));
      if (text === undefined) throw new Error(`cannot import "${name}" (${placeOf(source, importOf(name))})`);
      sources.push({ name, text });
    }
  }
  try {
    root.resolveAll();
    return root;
  } catch (error) {
    const found = unresolvedIn(root);
    const source = sources.find(({ name }) => name === found?.file);
    if (found === undefined || source === undefined) throw error;
    throw new Error(`${found.reason} (${placeOf(source, found.pattern)})`, { cause: error });
  }
}

function parse(protobuf: Protobuf, root: Module.Root, { name, text }: Source): Module.IParserResult {
  try {
    Object.assign(protobuf.parse, { filename: name });
    return protobuf.parse(text, root, { keepCase: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw reason.includes('line ') ? error : new Error(`${reason} (${name})`, { cause: error });
  } finally {
    Object.assign(protobuf.parse, { filename: null });
  }
}

/** Google's files that come with protobufjs: what most files import at most. */
async function shipped(name: string): Promise<string | undefined> {
  if (!/^google\/(?:protobuf|api)\/[\w/]+\.proto$/.test(name)) return undefined;
  const main = createRequire(import.meta.url).resolve('protobufjs');
  return readFile(join(dirname(main), name), 'utf8').catch(() => undefined);
}

function placeOf({ name, text }: Source, pattern: RegExp): string {
  const at = pattern.exec(text)?.index;
  return at === undefined ? name : `${name}, line ${text.slice(0, at).split('\n').length}`;
}

const importOf = (name: string): RegExp =>
  new RegExp(`import\\s+(?:public\\s+|weak\\s+)?["']${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}["']`);
