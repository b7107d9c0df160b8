import {
  type Check,
  checkFlag,
  checkKeys,
  checkList,
  checkString,
  checkText,
  checkUrl,
  checkWord,
  type Note,
} from './block-checks.ts';
import { type Fields, isFields } from './fields.ts';

const confirm: Check = (value, path, note) => {
  checkKeys(note, value, path, ['title', 'text', 'confirm', 'deny', 'style']);
  checkText(note, value, 'title', path, { required: true, plain: true, max: 100 });
  checkText(note, value, 'text', path, { required: true, max: 300 });
  checkText(note, value, 'confirm', path, { required: true, plain: true, max: 30 });
  checkText(note, value, 'deny', path, { required: true, plain: true, max: 30 });
};

const option: Check = (value, path, note) => {
  checkKeys(note, value, path, ['text', 'value', 'description', 'url']);
  checkText(note, value, 'text', path, { required: true, max: 75 });
  checkString(note, value, 'value', path, { required: true, max: 150 });
  checkText(note, value, 'description', path, { max: 75 });
};

interface Kind {
  readonly keys: readonly string[];
  readonly check: Check;
  /** Where it may stand; everywhere else it is refused. */
  readonly in: readonly Place[];
}

export type Place = 'actions' | 'accessory' | 'input' | 'context';

const options =
  (most: number): Check =>
  (value, path, note) => {
    const grouped = value['option_groups'] !== undefined;
    checkList(note, value, 'options', path, { min: 1, max: most, required: !grouped }, (item, at) =>
      option(item, at, note),
    );
    checkList(note, value, 'option_groups', path, { max: 100, required: false }, (group, at) => {
      checkText(note, group, 'label', at, { required: true, plain: true, max: 75 });
      checkList(note, group, 'options', at, { min: 1, max: 100 }, (item, place) => option(item, place, note));
    });
    checkText(note, value, 'placeholder', path, { plain: true, max: 150 });
  };

const everywhere: readonly Place[] = ['actions', 'accessory', 'input'];
const selectKeys = ['placeholder', 'focus_on_load', 'initial_option', 'initial_options', 'max_selected_items'];
const picker: Kind = {
  keys: ['placeholder', 'focus_on_load', 'initial_date', 'initial_time', 'initial_date_time', 'timezone'],
  check: (value, path, note) => checkText(note, value, 'placeholder', path, { plain: true, max: 150 }),
  in: everywhere,
};
const typed: Kind = {
  keys: [
    'placeholder',
    'focus_on_load',
    'initial_value',
    'multiline',
    'min_length',
    'max_length',
    'dispatch_action_config',
    'is_decimal_allowed',
    'min_value',
    'max_value',
  ],
  check(value, path, note) {
    checkText(note, value, 'placeholder', path, { plain: true, max: 150 });
    checkFlag(note, value, 'multiline', path);
    if (typeof value['initial_value'] === 'string')
      checkString(note, value, 'initial_value', path, { min: 0, max: 3_000 });
  },
  in: ['input'],
};
const listed: Kind = {
  keys: [...selectKeys, 'options', 'option_groups'],
  check: options(100),
  in: everywhere,
};
const found: Kind = {
  keys: [
    ...selectKeys,
    'min_query_length',
    'initial_user',
    'initial_users',
    'initial_channel',
    'initial_channels',
    'initial_conversation',
    'initial_conversations',
    'default_to_current_conversation',
    'response_url_enabled',
    'filter',
  ],
  check: (value, path, note) => checkText(note, value, 'placeholder', path, { plain: true, max: 150 }),
  in: everywhere,
};
const few: Kind = {
  keys: ['options', 'initial_option', 'initial_options', 'focus_on_load'],
  check: options(10),
  in: everywhere,
};

const kinds: Readonly<Record<string, Kind>> = {
  button: {
    keys: ['text', 'url', 'value', 'style', 'accessibility_label'],
    check(value, path, note) {
      checkText(note, value, 'text', path, { required: true, plain: true, max: 75 });
      checkString(note, value, 'value', path, { max: 2_000 });
      checkUrl(note, value, 'url', path);
      checkWord(note, value, 'style', path, ['primary', 'danger']);
      checkString(note, value, 'accessibility_label', path, { max: 75 });
    },
    in: ['actions', 'accessory'],
  },
  image: {
    keys: ['image_url', 'alt_text', 'slack_file'],
    check(value, path, note) {
      checkUrl(note, value, 'image_url', path, value['slack_file'] === undefined);
      checkString(note, value, 'alt_text', path, { required: true, max: 2_000 });
    },
    in: ['accessory', 'context'],
  },
  overflow: { keys: ['options'], check: options(5), in: ['actions', 'accessory'] },
  checkboxes: few,
  radio_buttons: few,
  static_select: listed,
  multi_static_select: { ...listed, in: ['accessory', 'input'] },
  users_select: found,
  channels_select: found,
  conversations_select: found,
  external_select: found,
  multi_users_select: { ...found, in: ['accessory', 'input'] },
  multi_channels_select: { ...found, in: ['accessory', 'input'] },
  multi_conversations_select: { ...found, in: ['accessory', 'input'] },
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  plain_text_input: typed,
  email_text_input: typed,
  url_text_input: typed,
  number_input: typed,
};

/** Something to press, choose or fill in, in a place. */
export function checkElement(value: Fields, path: string, note: Note, place: Place): void {
  const type = String(value['type']);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined || !kind.in.includes(place)) return note(`${path}/type`, `unsupported type: ${type}`);
  const own = type === 'image' ? [] : ['action_id', 'confirm'];
  checkKeys(note, value, path, ['type', ...own, ...kind.keys]);
  checkString(note, value, 'action_id', path, { max: 255 });
  kind.check(value, path, note);
  if (isFields(value['confirm'])) confirm(value['confirm'], `${path}/confirm`, note);
}
