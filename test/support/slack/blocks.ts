import {
  type Check,
  checkFlag,
  checkKeys,
  checkList,
  checkString,
  checkText,
  checkTextObject,
  checkUrl,
  checkWord,
  lengthOf,
  type Note,
} from './block-checks.ts';
import { checkElement } from './block-elements.ts';
import { checkRichText } from './block-rich-text.ts';
import { type Fields, isFields } from './fields.ts';
import { Refusal, refusalWith } from './refusal.ts';

export type Surface = 'message' | 'modal' | 'home';

/** Slack refuses more than about this in all blocks of a message, though no page says so. */
const longestBlocks = 13_200;
/** What a block costs beside its text, as seen. */
const blockCost = 125;

const section: Check = (block, path, note) => {
  checkKeys(note, block, path, ['type', 'block_id', 'text', 'fields', 'accessory', 'expand']);
  if (block['text'] === undefined && block['fields'] === undefined) {
    note(`${path}/type`, 'must define either `text` or `fields`');
  }
  checkText(note, block, 'text', path, { max: 3_000 });
  checkList(note, block, 'fields', path, { min: 1, max: 10, required: false }, (field, at) =>
    checkTextObject(note, field, at, { max: 2_000 }),
  );
  checkFlag(note, block, 'expand', path);
  const { accessory } = block;
  if (isFields(accessory)) checkElement(accessory, `${path}/accessory`, note, 'accessory');
};

const table: Check = (block, path, note) => {
  checkKeys(note, block, path, ['type', 'block_id', 'rows', 'column_settings']);
  const rows = Array.isArray(block['rows']) ? block['rows'] : [];
  if (rows.length === 0) note(`${path}/rows`, 'no fewer than 1 items required');
  if (rows.length > 100) note(`${path}/rows`, 'no more than 100 items allowed');
  for (const [index, row] of rows.entries()) {
    const cells = { row: row as unknown };
    checkList(note, cells, 'row', `${path}/rows/${index}`, { min: 1, max: 20 }, (cell, at) => {
      if (cell['type'] === 'rich_text') return checkRichText(cell, at, note);
      if (cell['type'] === 'raw_number' && typeof cell['value'] === 'number') return;
      if (cell['type'] !== 'raw_text') return note(`${at}/type`, `unsupported type: ${String(cell['type'])}`);
      checkKeys(note, cell, at, ['type', 'text']);
      checkString(note, cell, 'text', at, { required: true });
    });
  }
  checkList(note, block, 'column_settings', path, { max: 20, required: false }, (column, at) => {
    checkKeys(note, column, at, ['align', 'is_wrapped']);
    checkWord(note, column, 'align', at, ['left', 'center', 'right']);
    checkFlag(note, column, 'is_wrapped', at);
  });
};

const kinds: Readonly<Record<string, { readonly on: readonly Surface[]; readonly check: Check }>> = {
  section: { on: ['message', 'modal', 'home'], check: section },
  divider: {
    on: ['message', 'modal', 'home'],
    check: (block, path, note) => checkKeys(note, block, path, ['type', 'block_id']),
  },
  header: {
    on: ['message', 'modal', 'home'],
    check(block, path, note) {
      checkKeys(note, block, path, ['type', 'block_id', 'text', 'level']);
      checkText(note, block, 'text', path, { required: true, plain: true, max: 150 });
    },
  },
  context: {
    on: ['message', 'modal', 'home'],
    check(block, path, note) {
      checkKeys(note, block, path, ['type', 'block_id', 'elements']);
      checkList(note, block, 'elements', path, { min: 1, max: 10 }, (element, at) => {
        if (element['type'] === 'image') checkElement(element, at, note, 'context');
        else checkTextObject(note, element, at, { max: 3_000 });
      });
    },
  },
  actions: {
    on: ['message', 'modal', 'home'],
    check(block, path, note) {
      checkKeys(note, block, path, ['type', 'block_id', 'elements']);
      checkList(note, block, 'elements', path, { min: 1, max: 25 }, (element, at) =>
        checkElement(element, at, note, 'actions'),
      );
      const ids = actionIds(block);
      if (new Set(ids).size < ids.length) note(`${path}/elements`, '`action_id` must be unique in a block');
    },
  },
  input: {
    on: ['message', 'modal', 'home'],
    check(block, path, note) {
      checkKeys(note, block, path, ['type', 'block_id', 'label', 'element', 'hint', 'optional', 'dispatch_action']);
      checkText(note, block, 'label', path, { required: true, plain: true, max: 2_000 });
      checkText(note, block, 'hint', path, { plain: true, max: 2_000 });
      if (isFields(block['element'])) checkElement(block['element'], `${path}/element`, note, 'input');
      else note(path, 'missing required field: element');
    },
  },
  image: {
    on: ['message', 'modal', 'home'],
    check(block, path, note) {
      checkKeys(note, block, path, ['type', 'block_id', 'image_url', 'slack_file', 'alt_text', 'title']);
      checkUrl(note, block, 'image_url', path, block['slack_file'] === undefined);
      checkString(note, block, 'alt_text', path, { required: true, max: 2_000 });
      checkText(note, block, 'title', path, { plain: true, max: 2_000 });
    },
  },
  markdown: {
    on: ['message'],
    check(block, path, note) {
      checkKeys(note, block, path, ['type', 'block_id', 'text']);
      checkString(note, block, 'text', path, { required: true, max: 12_000 });
    },
  },
  rich_text: { on: ['message', 'modal', 'home'], check: checkRichText },
  table: { on: ['message'], check: table },
};

const actionIds = (block: Fields): readonly unknown[] =>
  (Array.isArray(block['elements']) ? block['elements'] : [])
    .filter(isFields)
    .map((element) => element['action_id'])
    .filter((id) => id !== undefined);

/** What Slack complains about, each with the place as a JSON pointer. */
export function complaints(blocks: readonly Fields[], surface: Surface, root = '/blocks'): readonly string[] {
  const found: string[] = [];
  const note: Note = (path, message) => void found.push(`${message} [json-pointer:${path}]`);
  const most = surface === 'message' ? 50 : 100;
  if (blocks.length > most) note(root, `no more than ${most} items allowed`);
  const ids: readonly unknown[] = blocks.map((block) => block['block_id']).filter((id) => id !== undefined);
  for (const [index, block] of blocks.entries()) {
    const path = `${root}/${index}`;
    const type = String(block['type']);
    const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (kind === undefined || !kind.on.includes(surface)) note(`${path}/type`, `unsupported type: ${type}`);
    else kind.check(block, path, note);
    checkString(note, block, 'block_id', path, { max: 255 });
    if (ids.indexOf(block['block_id']) !== ids.lastIndexOf(block['block_id'])) {
      note(`${path}/block_id`, '`block_id` must be unique');
    }
  }
  return found;
}

/** Throws what Slack says when a message can't have these blocks. */
export function checkBlocks(blocks: readonly Fields[]): void {
  const found = complaints(blocks, 'message');
  if (found.length > 0) throw withErrors('invalid_blocks', found);
  const tables = blocks.filter((block) => block['type'] === 'table').length;
  if (tables > 1) throw withErrors('invalid_attachments', ['only_one_table_allowed']);
  const cost = blocks.reduce((sum, block) => sum + blockCost + textIn(block), -blockCost);
  if (cost > longestBlocks) throw new Refusal('msg_blocks_too_long');
}

function withErrors(error: string, messages: readonly string[]): Refusal {
  const refusal = refusalWith(error, messages);
  return new Refusal(error, { ...refusal.more, errors: messages });
}

/** Characters of all texts in it. */
function textIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textIn(item), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => {
    if (typeof item !== 'string') return sum + textIn(item);
    return sum + (key === 'text' || key === 'url' || key === 'alt_text' ? lengthOf(item) : 0);
  }, 0);
}
