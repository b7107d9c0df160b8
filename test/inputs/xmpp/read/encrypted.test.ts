import { expect, test } from 'vitest';
import { readEncrypted } from '../../../../src/inputs/xmpp/read/encrypted.ts';
import { forgeries } from './forgeries.ts';
import { own, stanza } from './stanza.ts';

test.each(['OMEMO', 'newer OMEMO', 'OpenPGP', 'OTR'])('%s: somebody should know that it is not read', (how) => {
  expect(readEncrypted(stanza(forgeries[how] ?? ''), own)).toEqual({
    to: 'alice@chat.test/a',
    kind: 'chat',
    sender: 'alice@chat.test',
    nick: 'alice',
  });
});

const omemo = `<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/>PAYLOAD</encrypted>`;
const sealed = omemo.replace('PAYLOAD', '<payload>AAAA</payload>');

test.each([
  ['in a room', `<message type='groupchat' from='ops@rooms.chat.test/alice'>${sealed}</message>`],
  ['keys alone', `<message type='chat' from='alice@chat.test/a'>${omemo.replace('PAYLOAD', '')}</message>`],
  ['our own', `<message type='chat' from='micro@chat.test/phone'>${sealed}</message>`],
  ['an error', `<message type='error' from='alice@chat.test/a'>${sealed}</message>`],
  [
    'of yesterday',
    `<message type='chat' from='alice@chat.test/a'>${sealed}<delay xmlns='urn:xmpp:delay' stamp='2026-11-20T12:00:00Z'/></message>`,
  ],
  ['in the clear', `<message type='chat' from='alice@chat.test/a'><body>x</body></message>`],
])('%s: nobody is told', (_, xml) => {
  expect(readEncrypted(stanza(xml), own)).toBeUndefined();
});
