import type { Document } from '../../../../src/document/document.ts';

/** What services have said, or could, so that a chat network does something. Each family on its own, and every fragment in every place. */
const families: Readonly<Record<string, readonly string[]>> = {
  mention: ['<@U0000001>', '<@W0000001>', '<@U0000001|jo>', '@jo', '<@U0000001', '< @U0000001>', '<@\nU0000001>'],
  broadcast: [
    '<!channel>',
    '<!here>',
    '<!everyone>',
    '<!channel|channel>',
    '@channel',
    '@here',
    '@everyone',
    '<!here|here>',
  ],
  subteam: ['<!subteam^S0000001>', '<!subteam^S0000001|@ops>', '<!subteam^S0000001|<!channel>>'],
  channel: ['<#C0000001>', '<#C0000001|general>', '#general'],
  link: [
    '<https://evil.example>',
    '<https://evil.example|https://status.example>',
    '<http://evil.example|status.example>',
    '<mailto:a@evil.example|a@status.example>',
    '<javascript:alert(1)|ok>',
    '<slack://channel?id=C1|ok>',
    'https://evil.example/a',
    '[status](https://evil.example)',
    '![x](https://evil.example/x.png)',
  ],
  fence: ['```', '``', '`', '```\n```', '```sh\nrm -rf /\n```', '````', '`<!channel>`', '```<!here>', '~~~'],
  style: ['*bold*', '_it_', '~gone~', '> quote', '>>> quote', '# title', '- point', '1. point'],
  entity: [
    '&lt;!channel&gt;',
    '&amp;lt;!channel&amp;gt;',
    '&#60;!channel&#62;',
    '&lt;@U0000001&gt;',
    '&',
    '&amp;',
    '&lt',
  ],
  escape: ['\\u003c!channel\\u003e', '\\<!channel>', '%3C!channel%3E', '\\x3c!here\\x3e'],
  date: ['<!date^1392734382^{date} at {time}|soon>', '<!date^1^{date_short}^https://evil.example/|soon>'],
  emoji: [':fire:', ':skull_and_crossbones:', '::', ':a:b:c:', '👩‍👩‍👧‍👦', '🇩🇪🇫🇷', '👍🏽', '#️⃣'],
  bidi: ['\u202egnp.exe', '\u2066<!channel>\u2069', '\u200fabc', '\u061c', '\u202d1\u202c'],
  zero: ['<\u200b!channel>', '\u200b', '\ufeff<!here>', 'a\u2060b', '\u00ad', '\u034f', '\u180e'],
  control: ['\u0000', '\u0007', '\u0008', '\u007f', '\u0085', '\u009b31m', '\r', '\r\n', '\u000b', '\u2028', '\u2029'],
  ansi: [
    '\u001b[31mred\u001b[0m',
    '\u001b]8;;https://evil.example\u0007ok\u001b]8;;\u0007',
    '\u001b]52;c;ZXZpbA==\u0007',
  ],
  half: ['\ud800', '\udfff', 'a\ud83d', '\udc00b', '\ud83d\ud83d\ude00'],
  block: [
    '{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}',
    '[{"type":"broadcast","range":"channel"}]',
  ],
  look: ['＜!channel＞', '‹!here›', '<！channel>', 'ˋˋˋ', '<ǃchannel>'],
};

const long = 'a line that is not short, <!channel> in it ';

/** Everywhere a service's text can be. */
const places: Readonly<Record<string, (text: string) => Document>> = {
  text: (text) => ({ kind: 'text', text }),
  'in a text': (text) => ({ kind: 'text', text: `before ${text} after\n${text}` }),
  code: (text) => ({ kind: 'code', text: `$ ${text}\n${text}`, language: text }),
  json: (text) => ({ kind: 'json', text: JSON.stringify({ [text]: text }) }),
  fields: (text) => ({
    kind: 'fields',
    fields: [
      { name: text, value: text },
      { name: 'b', value: `x${text}` },
    ],
  }),
  list: (text) => ({ kind: 'list', items: [text, `b ${text}`] }),
  table: (text) => ({ kind: 'table', columns: [{ title: text }, { title: 'b' }], rows: [[text, text]] }),
  'second table': (text) => ({
    kind: 'group',
    parts: [
      places['table']?.(text) ?? { kind: 'text', text },
      { kind: 'table', columns: [{ title: text }], rows: [[text]] },
    ],
  }),
  'a label': (text) => ({ kind: 'link', url: 'https://x.example/a', label: text }),
  'an address': (text) => ({ kind: 'link', url: text, label: 'status' }),
  'a button': (text) => ({
    kind: 'group',
    parts: [
      { kind: 'text', text },
      { kind: 'actions', actions: [{ label: text, line: text }] },
    ],
  }),
  nested: (text) => {
    let document: Document = { kind: 'text', text };
    for (let depth = 0; depth < 200; depth += 1) document = { kind: 'group', parts: [document], gap: depth % 3 };
    return document;
  },
};

/** Where a message ends or a line is cut. */
const edges: Readonly<Record<string, (text: string) => Document>> = {
  'at the limit': (text) => ({ kind: 'text', text: `${'x'.repeat(9_340)}${text}`.repeat(2) }),
  'a long line': (text) => ({ kind: 'code', text: `${text}${long.repeat(400)}`.replaceAll('\n', ' ') }),
  'many lines': (text) => ({ kind: 'text', text: `${text} ${long}\n`.repeat(900) }),
};

export interface Hostile {
  readonly name: string;
  readonly document: Document;
}

export const hostileFragments: readonly string[] = Object.values(families).flat();

/** By family. */
export const hostileDocuments: Readonly<Record<string, readonly Hostile[]>> = Object.fromEntries(
  Object.entries(families).map(([family, fragments]) => [
    family,
    fragments.flatMap((fragment, index) =>
      Object.entries(index < 3 ? { ...places, ...edges } : places).map(([place, make]) => ({
        name: `${index} as ${place}`,
        document: make(fragment),
      })),
    ),
  ]),
);
