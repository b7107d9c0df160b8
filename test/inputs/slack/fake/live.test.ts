import { expect, test } from 'vitest';
import { liveMarkup, type Ours, type Postable } from '../../../support/slack/live.ts';

const rich = (...elements: readonly object[]): Postable => ({
  blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }],
});
const section = (text: string): Postable => ({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] });
const button = (more: object): Postable => ({ blocks: [{ type: 'actions', elements: [{ type: 'button', ...more }] }] });

const alive: readonly (readonly [string, Postable])[] = [
  ['a broadcast', { text: 'hey <!channel>' }],
  ['a person', { text: '<@U1> look' }],
  ['a channel', { text: '<#C1|general>' }],
  ['a user group', { text: '<!subteam^S1|@ops>' }],
  ['a date', { text: '<!date^1392734382^{date}^https://evil.example/|x>' }],
  ['a link with another label', { text: '<https://evil.example|https://good.example>' }],
  ['a mail address', { text: '<mailto:a@b.example|help>' }],
  ['a bracket', { text: 'a < b' }],
  ['half an entity', { text: 'AT&T' }],
  ['a bare address in a text that is shown', { text: 'see https://evil.example' }],
  ['mrkdwn in a section', section('<!here>')],
  ['a bare address in a section', section('see www.evil.example')],
  ['an open fence', section('```code')],
  ['mrkdwn in a field', { blocks: [{ type: 'section', fields: [{ type: 'mrkdwn', text: '<@U2>' }] }] }],
  ['mrkdwn in a context', { blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: '<!everyone>' }] }] }],
  ['a rich person', rich({ type: 'user', user_id: 'U2' })],
  ['a rich broadcast', rich({ type: 'broadcast', range: 'here' })],
  ['a rich channel', rich({ type: 'channel', channel_id: 'C1' })],
  ['a rich group', rich({ type: 'usergroup', usergroup_id: 'S1' })],
  ['a rich link', rich({ type: 'link', url: 'https://evil.example', text: 'x' })],
  ['a rich emoji', rich({ type: 'emoji', name: 'tada' })],
  ['a rich date', rich({ type: 'date', timestamp: 1, format: '{date}' })],
  ['a cell', { blocks: [{ type: 'table', rows: [[rich({ type: 'user', user_id: 'U2' }).blocks]] }] }],
  ['a button that leads away', button({ url: 'https://evil.example', text: { type: 'plain_text', text: 'x' } })],
  ['a picture', { blocks: [{ type: 'image', image_url: 'https://evil.example/x.png', alt_text: 'x' }] }],
  ['emoji by name', button({ text: { type: 'plain_text', text: ':skull:' } })],
  ['markdown', { blocks: [{ type: 'markdown', text: 'x' }] }],
  ['previews', { text: 'x', args: { text: 'x' } }],
  ['names that become people', { text: 'x', args: { unfurl_links: false, unfurl_media: 'false', link_names: true } }],
  ['an attachment', { args: { unfurl_links: false, unfurl_media: false, attachments: [{ text: '<!here>' }] } }],
  ['blocks that are none', { blocks: 'x' }],
];

test.each(alive)('%s is alive', (_what, message) => {
  expect(liveMarkup(message).length).toBeGreaterThan(0);
  expect(liveMarkup({ ...message, blocks: JSON.stringify(message.blocks) }).length).toBeGreaterThan(0);
});

const inert: readonly (readonly [what: string, message: Postable, ours?: Ours])[] = [
  ['nothing', {}],
  ['escaped markup', { text: '&lt;!channel&gt; &amp; &lt;@U1&gt;' }],
  ['rich text that looks like markup', rich({ type: 'text', text: '<!channel> https://x ```' })],
  [
    'preformatted text',
    {
      blocks: [
        {
          type: 'rich_text',
          elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: '<@U1>' }] }],
        },
      ],
    },
  ],
  ['a cell', { blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: '<!here>' }]] }] }],
  ['a plain button', button({ text: { type: 'plain_text', text: ':skull: <!here>', emoji: false }, value: '<!here>' })],
  ['a whole fence', section('```code``` text')],
  ['no previews', { text: 'x', args: { unfurl_links: false, unfurl_media: 'false' } }],
  ['our mention', { text: '<@U1> done', ...rich({ type: 'user', user_id: 'U1' }) }, { users: ['U1'] }],
  ['our link', rich({ type: 'link', url: 'https://ours.example' }), { urls: ['https://ours.example'] }],
];

test.each(inert.map(([what, message, ours = {}]) => ({ what, message, ours })))('$what is not', ({ message, ours }) => {
  expect(liveMarkup(message, ours)).toEqual([]);
});
