import type { Root } from 'protobufjs';
import type { Schema } from '../schema.ts';
import { protobufSchema } from './proto-schema.ts';

/** The messages of a `.proto` text. */
export interface ProtoFile {
  /** The schema of a message, by its name or its full name. Throws when there is none. */
  schema(message: string): Schema<Record<string, unknown>>;
}

/**
 * Reads the text of a `.proto` file. Fields keep the names they have there. It may import Google's well-known types and nothing else;
 * anything wrong with it is thrown as an `Error` that names the line.
 */
export async function loadProto(source: string): Promise<ProtoFile> {
  const { default: protobuf } = await import('protobufjs');
  const root: Root = new protobuf.Root();
  const { imports = [], weakImports = [] } = protobuf.parse(source, root, { keepCase: true });
  for (const path of [...imports, ...weakImports]) {
    const nested = protobuf.common.get(path)?.nested;
    if (nested === undefined)
      throw new Error(`cannot import "${path}": only google/protobuf's well-known types can be imported`);
    root.addJSON(nested);
  }
  root.resolveAll();
  return { schema: (message) => protobufSchema(root.lookupType(message)) };
}
