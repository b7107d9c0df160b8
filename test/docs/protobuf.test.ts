import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { afterAll, expect, test } from 'vitest';
import { descriptorSet } from '../fixtures/chat-proto.ts';
import type { ProtoFile } from '../../src/runtime/codec/proto-file.ts';
import type { Schema } from '../../src/runtime/schema.ts';
import { block, compileExample, type Example, page } from './example.ts';

const guide = page('docs/guides/protobuf.md');
const folder = mkdtempSync(join(tmpdir(), 'guide-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The blocks of TypeScript, in the order of the page. */
const blocks = [...guide.matchAll(/^```ts\n[^]*?^```/gm)].map(([text]) => block(`${text}\n`, 'ts'));

const compiled = (at: number, change: (source: string) => string = (source) => source): Example =>
  compileExample(change(blocks[at] ?? ''));

const run = (file: string): string =>
  execFileSync(process.execPath, [file], { encoding: 'utf8', stdio: 'pipe', cwd: folder });

test('the service of the guide compiles and prints what the guide shows', () => {
  using example = compiled(0);
  expect(run(example.file)).toBe(/It prints:\n\n```\n([^]*?)```/.exec(guide)?.[1]);
});

test('files are found as the guide says, and what is missing is told as it says', async () => {
  using example = compiled(1);
  const { fromTexts, fromFolders } = (await import(example.file)) as Readonly<Record<string, () => Promise<ProtoFile>>>;
  await expect(fromFolders?.()).rejects.toThrow(/ENOENT.*till\.proto/);
  const file = await fromTexts?.();
  expect(file?.schema('Price').json?.read({ money: { cents: 5 } })).toEqual({ money: { cents: '5' } });
});

test('descriptors make services', () => {
  using example = compiled(2, (source) => source.replace("'Till'", "'Chat'"));
  writeFileSync(join(folder, 'shop.bin'), descriptorSet);
  expect(run(example.file)).toBe("[ 'Say', 'Follow', 'Dictate', 'Talk' ]\n");
});

test('so does generated code, and its classes make schemas', async () => {
  using example = compiled(3);
  const { orders } = (await import(example.file)) as { readonly orders: (root: protobuf.Root) => unknown };
  const json = {
    nested: {
      Order: { fields: { id: { type: 'string', id: 1 } } },
      Till: { methods: { Pay: { requestType: 'Order', responseType: 'Order' } } },
    },
  };
  const root = protobuf.Root.fromJSON(json);
  expect(orders(root)).toMatchObject({ value: { type: 'Order' } });
  using classes = compiled(4);
  const { generatedSchema } = (await import(classes.file)) as {
    readonly generatedSchema: (type: unknown, name: string, fields: object) => Schema;
  };
  const { value, protobuf: bytes } = generatedSchema(root.lookupType('Order'), 'Order', { id: 'string' });
  expect(value.values.map(({ name }) => name)).toEqual(['id']);
  expect(bytes?.decode(bytes.encode({ id: 'a' }))).toMatchObject({ id: 'a' });
});

test('every block was looked at', () => {
  expect(blocks).toHaveLength(5);
});
