import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Schema } from '../schema.ts';
import { parseProto, type Resolve } from './proto-parse.ts';
import { protoFileOf } from './proto-lookup.ts';

/** The messages and services of `.proto` files or descriptors. Names are short or full; unknown ones are thrown as an `Error`. */
export interface ProtoFile {
  schema(message: string): Schema<Record<string, unknown>>;
  service(name: string): ProtoService;
}

/** A service as a `.proto` file declares it. */
export interface ProtoService {
  /** Without its package, as go-micro names handlers. */
  readonly name: string;
  /** By their names, in the order of the file. */
  readonly methods: Readonly<Record<string, ProtoMethod>>;
}

export interface ProtoMethod {
  readonly request: Schema<Record<string, unknown>>;
  readonly response: Schema<Record<string, unknown>>;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

export interface ProtoOptions {
  /** What errors call the file. Default `.proto`. */
  readonly name?: string;
  /** The text of an import, or undefined when there is none. Google's well-known types and `google/api` are found without it. */
  readonly resolve?: Resolve;
}

/**
 * Reads the text of a `.proto` file. Fields keep the names they have there. Anything wrong with it is thrown as an `Error` that names
 * the file and the line.
 */
export async function loadProto(source: string, { name = '.proto', resolve }: ProtoOptions = {}): Promise<ProtoFile> {
  return protoFileOf(await parseProto({ name, text: source }, resolve));
}

/** Reads a `.proto` file. Imports are looked for in `includeDirs`, in that order; default is the folder of the file. */
export async function loadProtoFile(
  path: string,
  { includeDirs = [dirname(path)] }: { readonly includeDirs?: readonly string[] } = {},
): Promise<ProtoFile> {
  const names = includeDirs.map((folder) => relative(folder, path)).filter((name) => !name.startsWith('..'));
  return loadProto(await readFile(path, 'utf8'), {
    name: names[0] ?? path,
    resolve: (name) => find(name, includeDirs),
  });
}

async function find(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    try {
      return await readFile(join(folder, name), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return undefined;
}
