import { type ProtoFile, protoFileOf } from './proto-file.ts';

/**
 * Reads a `FileDescriptorSet`, as `protoc --descriptor_set_out` and `buf build` write it. Google's well-known types may be missing in it.
 * Rejects with an `Error` when it is none, or when it lacks other files that it imports.
 */
export async function loadDescriptorSet(bytes: Uint8Array): Promise<ProtoFile> {
  const { default: protobuf } = await import('protobufjs');
  const { default: descriptor } = await import('protobufjs/ext/descriptor.js');

  const { file: files = [] } = descriptor.FileDescriptorSet.toObject(
    descriptor.FileDescriptorSet.decode(bytes),
  ) as FileSet;
  if (files.length === 0) throw new Error('the descriptor set holds no files');
  const there = new Set(files.map(({ name }) => name));

  const shipped = new protobuf.Root();
  for (const { name: file, dependency = [] } of files) {
    for (const name of dependency) {
      if (there.has(name)) continue;
      there.add(name);
      const nested = protobuf.common.get(name)?.nested;
      if (nested === undefined) throw new Error(`the descriptor set lacks "${name}", which ${file} imports`);
      shipped.addJSON(nested);
    }
  }
  shipped.resolveAll();
  const { file: missing } = shipped.toDescriptor('proto3');
  return protoFileOf(protobuf.Root.fromDescriptor({ file: [...files, ...missing] }, { keepCase: true }));
}

interface FileSet {
  readonly file?: readonly { readonly name: string; readonly dependency?: readonly string[] }[];
}
