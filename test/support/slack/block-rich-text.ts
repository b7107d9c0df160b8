import {
  type Check,
  checkFlag,
  checkKeys,
  checkList,
  checkString,
  checkUrl,
  checkWord,
  type Note,
} from './block-checks.ts';
import { type Fields, isFields } from './fields.ts';

const styles = ['bold', 'italic', 'strike', 'code', 'underline', 'highlight', 'client_highlight', 'unlink'];

/** What stands in a line, by type: its fields and what is said of them. */
const leaves: Readonly<Record<string, { readonly keys: readonly string[]; readonly check: Check }>> = {
  text: { keys: ['text'], check: (value, path, note) => checkString(note, value, 'text', path, { required: true }) },
  link: {
    keys: ['url', 'text', 'unsafe'],
    check(value, path, note) {
      checkUrl(note, value, 'url', path, true);
      checkString(note, value, 'text', path);
    },
  },
  user: { keys: ['user_id'], check: (value, path, note) => id(note, value, 'user_id', path, /^[UW]/) },
  channel: { keys: ['channel_id'], check: (value, path, note) => id(note, value, 'channel_id', path, /^[CDG]/) },
  usergroup: { keys: ['usergroup_id'], check: (value, path, note) => id(note, value, 'usergroup_id', path, /^S/) },
  team: { keys: ['team_id'], check: (value, path, note) => id(note, value, 'team_id', path, /^T/) },
  emoji: {
    keys: ['name', 'unicode', 'skin_tone'],
    check: (value, path, note) => checkString(note, value, 'name', path, { required: true }),
  },
  broadcast: {
    keys: ['range'],
    check(value, path, note) {
      checkString(note, value, 'range', path, { required: true });
      checkWord(note, value, 'range', path, ['here', 'channel', 'everyone']);
    },
  },
  color: { keys: ['value'], check: (value, path, note) => checkString(note, value, 'value', path, { required: true }) },
  date: {
    keys: ['timestamp', 'format', 'url', 'fallback'],
    check(value, path, note) {
      if (typeof value['timestamp'] !== 'number') note(`${path}/timestamp`, 'must be an integer');
      checkString(note, value, 'format', path, { required: true });
    },
  },
};

function id(note: Note, value: Fields, key: string, path: string, shape: RegExp): void {
  checkString(note, value, key, path, { required: true });
  const text = value[key];
  if (typeof text === 'string' && !shape.test(text)) note(`${path}/${key}`, `failed to match id`);
}

const leaf =
  (types: readonly string[], note: Note) =>
  (value: Fields, path: string): void => {
    const type = String(value['type']);
    const found = types.includes(type) ? leaves[type] : undefined;
    if (found === undefined) return note(`${path}/type`, `unsupported type: ${type}`);
    checkKeys(note, value, path, ['type', 'style', ...found.keys]);
    found.check(value, path, note);
    const style = value['style'];
    if (style === undefined) return;
    if (!isFields(style)) return note(`${path}/style`, 'must provide an object');
    checkKeys(note, style, `${path}/style`, styles);
    for (const key of Object.keys(style)) checkFlag(note, style, key, `${path}/style`);
  };

const anyLeaf = Object.keys(leaves);

/** A `rich_text` block, also one in a cell of a table. */
export const checkRichText: Check = (block, path, note) => {
  checkKeys(note, block, path, ['type', 'block_id', 'elements']);
  checkList(note, block, 'elements', path, {}, (part, at) => {
    switch (part['type']) {
      case 'rich_text_section':
        checkKeys(note, part, at, ['type', 'elements']);
        checkList(note, part, 'elements', at, {}, leaf(anyLeaf, note));
        return;
      case 'rich_text_quote':
        checkKeys(note, part, at, ['type', 'elements', 'border']);
        checkList(note, part, 'elements', at, {}, leaf(anyLeaf, note));
        return;
      case 'rich_text_preformatted':
        checkKeys(note, part, at, ['type', 'elements', 'border', 'language']);
        checkWord(note, part, 'border', at, [0, 1]);
        checkList(note, part, 'elements', at, {}, leaf(['text', 'link'], note));
        return;
      case 'rich_text_list':
        listPart(part, at, note);
        return;
      default:
        note(`${at}/type`, `unsupported type: ${String(part['type'])}`);
    }
  });
};

const listPart = (list: Fields, path: string, note: Note): void => {
  checkKeys(note, list, path, ['type', 'style', 'elements', 'indent', 'offset', 'border']);
  checkString(note, list, 'style', path, { required: true });
  checkWord(note, list, 'style', path, ['bullet', 'ordered']);
  checkWord(note, list, 'indent', path, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  checkList(note, list, 'elements', path, { min: 1 }, (section, at) => {
    if (section['type'] !== 'rich_text_section') note(`${at}/type`, `unsupported type: ${String(section['type'])}`);
    checkKeys(note, section, at, ['type', 'elements']);
    checkList(note, section, 'elements', at, {}, leaf(anyLeaf, note));
  });
};
