import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../../src/inputs/xmpp/read/message.ts';
import type { Said } from '../../../../src/inputs/xmpp/said.ts';
import { corpus } from './corpus.ts';
import { forgeries } from './forgeries.ts';
import { own, stanza } from './stanza.ts';

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const read = (xml: string): Said | undefined =>
  readMessage(stanza(xml.replaceAll('STAMP', now()).replaceAll('NOW', now())), own);

describe("what people's programs send", () => {
  test.each(corpus)('$program', ({ xml, text, kind, sender, addressed }) => {
    expect(read(xml)).toMatchObject({ text, kind, sender, addressed, isKnown: true });
  });

  test('where the answer goes, and what it may refer to', () => {
    const first = corpus.find(({ program }) => program === 'Conversations, to the bot');
    expect(read(first?.xml ?? '')).toEqual({
      keys: [
        '["stamped","micro@chat.test","alice@chat.test/Conversations.x1","mam-1"]',
        '["origin","alice@chat.test","0f1c5a3e-53a2-4b6e-9d6b-6c6a1f6d2b11"]',
      ],
      to: 'alice@chat.test/Conversations.x1',
      kind: 'chat',
      sender: 'alice@chat.test',
      isKnown: true,
      nick: 'alice',
      text: 'list services',
      addressed: true,
      thread: undefined,
      id: '0f1c5a3e-53a2-4b6e-9d6b-6c6a1f6d2b11',
      wantsReceipt: true,
      hasChatStates: true,
    });
  });

  test('a receipt is not for rooms, nor for what has no id', () => {
    const body = `<body>micro: x</body><request xmlns='urn:xmpp:receipts'/>`;
    const inRoom = read(`<message type='groupchat' from='ops@rooms.chat.test/alice' id='1'>${body}</message>`);
    const nameless = read(`<message type='chat' from='alice@chat.test/a'>${body}</message>`);
    expect([inRoom?.wantsReceipt, nameless?.wantsReceipt]).toEqual([false, false]);
  });

  test('our name alone asks for something, also in a room', () => {
    expect(
      read(`<message type='groupchat' from='ops@rooms.chat.test/alice'><body>@micro</body></message>`),
    ).toMatchObject({
      text: '',
      addressed: true,
    });
  });
});

describe('what is no command', () => {
  test.each(Object.entries(forgeries))('%s', (_, xml) => {
    expect(read(xml)).toBeUndefined();
  });

  test('nothing that was held back counts while nobody knows since when we are here', () => {
    const { since: _, ...unknown } = own;
    const held = `<message type='chat' from='alice@chat.test/a'><body>x</body><delay xmlns='urn:xmpp:delay' from='chat.test' stamp='${now()}'/></message>`;
    expect(readMessage(stanza(held), own)).toBeDefined();
    expect(readMessage(stanza(held), unknown)).toBeUndefined();
  });
});

describe('who it was', () => {
  const inRoom = (from: string, more = ''): Said | undefined =>
    read(`<message type='groupchat' from='${from}' id='1'><body>micro: x</body>${more}</message>`);

  test('a nick that is an address is not that person', () => {
    expect(inRoom('ops@rooms.chat.test/admin@chat.test')).toMatchObject({ sender: 'mallory@chat.test', isKnown: true });
    expect(
      read(`<message type='chat' from='ops@rooms.chat.test/admin@chat.test'><body>x</body></message>`),
    ).toMatchObject({
      kind: 'private',
      sender: 'mallory@chat.test',
      to: 'ops@rooms.chat.test/admin@chat.test',
    });
  });

  test.each([
    ['a nick that nobody has', 'ops@rooms.chat.test/alice '],
    ['a nick that looks the same', 'ops@rooms.chat.test/аlice'],
    ['a nick in other letters', 'ops@rooms.chat.test/ALICE'],
    ['somebody the room says nothing of', 'ops@rooms.chat.test/ghost'],
  ])('%s is nobody known', (_, from) => {
    expect(inRoom(from)).toMatchObject({ sender: 'ops@rooms.chat.test/anonymous', isKnown: false });
  });

  test('what a message says of its own author does not count', () => {
    const claims = `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='occ-alice'/><x xmlns='http://jabber.org/protocol/muc#user'><item jid='alice@chat.test'/></x><nick xmlns='http://jabber.org/protocol/nick'>alice</nick><addresses xmlns='http://jabber.org/protocol/address'><address type='ofrom' jid='alice@chat.test'/></addresses>`;
    expect(inRoom('ops@rooms.chat.test/ghost', claims)).toMatchObject({ isKnown: false });
  });

  test('where nobody can know who is who, nobody is known', () => {
    expect(inRoom('masked@rooms.chat.test/alice')).toMatchObject({
      sender: 'masked@rooms.chat.test/anonymous',
      isKnown: false,
    });
  });

  test('an address is the same in other letters', () => {
    expect(read(`<message type='chat' from='ALICE@Chat.Test/a'><body>x</body></message>`)).toMatchObject({
      sender: 'alice@chat.test',
    });
  });
});
