import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDescriptorSet } from '../../../src/runtime/codec/descriptor-set.ts';
import { loadProto, loadProtoFile, type ProtoFile } from '../../../src/runtime/codec/proto-file.ts';
import { chatAlone, descriptorSet, files } from '../../fixtures/chat-proto.ts';

const folder = mkdtempSync(join(tmpdir(), 'proto-'));
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
afterAll(() => rmSync(folder, { recursive: true }));

const chat = files['chat.proto'] ?? '';
const resolve = (name: string): string | undefined => files[name];

const line = {
  from_person: { full_name: 'Ada', mood: 'GLAD' },
  text: 'hello',
  at: { seconds: '1600000000', nanos: 0 },
  reply_to: '9007199254740993',
  moods: { bob: 'CALM' },
};
const lineBytes = '0a070a034164611001120568656c6c6f1a060880a0f8fa052081808080808080102a070a03626f621000';

describe.each<[string, () => Promise<ProtoFile>]>([
  ['a text, its imports found by a function', () => loadProto(chat, { resolve })],
  [
    'a text, its imports found by an asynchronous function',
    () => loadProto(chat, { resolve: async (name) => resolve(name) }),
  ],
  ['a file, its imports beside it', () => loadProtoFile(join(folder, 'chat.proto'))],
  [
    'a file, its imports in folders',
    () => loadProtoFile(join(folder, 'chat.proto'), { includeDirs: [join(folder, 'common'), folder] }),
  ],
  ['the descriptors protoc writes', () => loadDescriptorSet(descriptorSet)],
])('types from %s', (_what, load) => {
  test('have fields under their own names', async () => {
    const { protobuf, json } = (await load()).schema('acme.chat.Line');
    expect(Buffer.from(protobuf?.encode(line) ?? []).toString('hex')).toBe(lineBytes);
    expect(protobuf?.decode(Buffer.from(lineBytes, 'hex'))).toEqual(line);
    expect(json?.read({ fromPerson: { fullName: 'Ada', mood: 1 }, replyTo: '9007199254740993' })).toMatchObject({
      from_person: line.from_person,
      reply_to: line.reply_to,
    });
  });

  test('make services', async () => {
    const file = await load();
    const { name, methods } = file.service('acme.chat.Chat');
    expect(name).toBe('Chat');
    const told = Object.entries(methods).map(([method, { request, response, requestStream, responseStream }]) => [
      method,
      request.value.type,
      requestStream,
      response.value.type,
      responseStream,
    ]);
    expect(told).toEqual([
      ['Say', 'Line', false, 'Lines', false],
      ['Follow', 'Person', false, 'Line', true],
      ['Dictate', 'Line', true, 'Lines', false],
      ['Talk', 'Line', true, 'Line', true],
    ]);
    expect(file.service('Chat').methods['Say']?.request).toBe(file.schema('Line'));
  });

  test('are missed by their names', async () => {
    const file = await load();
    expect(() => file.schema('Nope')).toThrow(/Nope/);
    expect(() => file.service('Nope')).toThrow(/Nope/);
    expect(() => file.service('Line')).toThrow(/Line/);
  });
});

describe('what is wrong is named with its file and line', () => {
  const read = (text: string): Promise<ProtoFile> =>
    loadProto(`syntax = "proto3";\n${text}`, {
      name: 'a.proto',
      resolve: (name) =>
        ({ 'b.proto': 'syntax = "proto3";\nmessage B {\n  Lost c = 1;\n}', 'd.proto': 'message {' })[name],
    });

  test.each([
    ['message {', /illegal type name '\{' \(a\.proto, line 2\)/],
    ['message A {\n  string a = ;\n}', /\(a\.proto, line 3\)/],
    ['import "nowhere.proto";', /cannot import "nowhere\.proto" \(a\.proto, line 2\)/],
    ['import "google/protobuf/nowhere.proto";', /cannot import .* \(a\.proto, line 2\)/],
    ['import "google/../../package.json/x.proto";', /cannot import .* \(a\.proto, line 2\)/],
    ['import "d.proto";', /\(d\.proto, line 1\)/],
    ['import "b.proto";', /Lost.*\(b\.proto, line 3\)/],
    ['message A {\n  map<string, Lost> a = 1;\n}', /Lost.*\(a\.proto, line 3\)/],
    ['message A {\n  message In {\n    repeated my.Lost a = 1;\n  }\n}', /my\.Lost.*\(a\.proto, line 4\)/],
    ['message A {}\nservice S {\n  rpc M(A) returns (Lost);\n}', /Lost.*\(a\.proto, line 4\)/],
    ['message A {}\nmessage A {}', /duplicate name 'A'.*a\.proto/],
  ])('%j', async (text, reason) => {
    await expect(read(text)).rejects.toThrow(reason);
  });

  test('a name is used when there is none', async () => {
    await expect(loadProto('message {')).rejects.toThrow('(.proto, line 1)');
  });

  test('a file names itself by its path, and one that is not there is an error', async () => {
    writeFileSync(join(folder, 'broken.proto'), 'syntax = "proto3";\nimport "gone.proto";');
    await expect(loadProtoFile(join(folder, 'broken.proto'))).rejects.toThrow(
      'cannot import "gone.proto" (broken.proto, line 2)',
    );
    await expect(loadProtoFile(join(folder, 'absent.proto'))).rejects.toThrow(/ENOENT/);
    writeFileSync(join(folder, 'odd.proto'), 'import "common";');
    await expect(loadProtoFile(join(folder, 'odd.proto'))).rejects.toThrow(/EISDIR/);
  });
});

test("files may import each other, twice, and what is Google's", async () => {
  const texts: Readonly<Record<string, string>> = {
    'b.proto': 'syntax = "proto3"; import "c.proto"; message B { C c = 1; }',
    'c.proto': 'syntax = "proto3"; import "google/protobuf/descriptor.proto"; message C { string d = 1; }',
  };
  const text = `syntax = "proto3";
    import "b.proto";
    import public "c.proto";
    import "google/api/annotations.proto";
    message A { B b = 1; C c = 2; }
    service S { rpc M(A) returns (A) { option (google.api.http) = { get: "/a" }; } }`;
  const file = await loadProto(text, { resolve: (name) => texts[name] });
  expect(file.schema('A').json?.read({ b: { c: { d: 'x' } } })).toEqual({ b: { c: { d: 'x' } }, c: null });
  expect(Object.keys(file.service('S').methods)).toEqual(['M']);
});

describe('descriptors', () => {
  test('that lack a file are refused with its name', async () => {
    await expect(loadDescriptorSet(chatAlone)).rejects.toThrow(
      'the descriptor set lacks "common/person.proto", which chat.proto imports',
    );
  });

  test.each([
    ['nothing', ''],
    ['what is no descriptor', 'ffffffff'],
    ['half of one', descriptorSet.subarray(0, 100).toString('hex')],
  ])('%s is an error', async (_what, hex) => {
    await expect(loadDescriptorSet(Buffer.from(hex, 'hex'))).rejects.toThrow(Error);
  });
});
