import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Method, Root, Type } from 'protobufjs';
import type { Schema } from '../schema.ts';
import { parseProto, type Resolve } from './proto-parse.ts';
import { protobufSchema } from './proto-schema.ts';

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

/**
 * The messages and services of a protobufjs root: what `pbjs -t json-module` generates, for instance. A type has one schema, however often it
 * is asked for. Throws an `Error` when a name in it means nothing.
 */
export function protoFileOf(root: Root): ProtoFile {
  root.resolveAll();
  const schemas = new Map<Type, Schema<Record<string, unknown>>>();

  return {
    schema: (message) => schemaOf(root.lookupType(message)),

    service(name) {
      const service = root.lookupService(name);
      const methods = service.methodsArray.map((method) => [method.name, methodOf(method)] as const);
      return { name: service.name, methods: Object.fromEntries(methods) };
    },
  };

  function schemaOf(type: Type): Schema<Record<string, unknown>> {
    const schema = schemas.get(type) ?? protobufSchema(type);
    schemas.set(type, schema);
    return schema;
  }

  function methodOf(method: Method): ProtoMethod {
    const { resolvedRequestType: request, resolvedResponseType: response } = method.resolve() as Method;
    if (request === null || response === null) throw new Error(`the types of ${method.fullName} are not known`);
    return {
      request: schemaOf(request),
      response: schemaOf(response),
      requestStream: method.requestStream === true,
      responseStream: method.responseStream === true,
    };
  }
}
