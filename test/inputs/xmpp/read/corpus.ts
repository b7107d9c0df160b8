/** Messages as people's programs send them, with what each of them means. */
export interface Sent {
  readonly program: string;
  readonly xml: string;
  readonly text: string;
  readonly kind: 'chat' | 'groupchat' | 'private';
  readonly sender: string;
  readonly addressed: boolean;
}

const direct = { kind: 'chat', sender: 'alice@chat.test', addressed: true } as const;
const spoken = { kind: 'groupchat', sender: 'alice@chat.test', addressed: false } as const;
const room = `type='groupchat' from='ops@rooms.chat.test/alice' to='micro@chat.test/r1'`;
const chat = `type='chat' from='alice@chat.test/Conversations.x1' to='micro@chat.test'`;

export const corpus: readonly Sent[] = [
  {
    program: 'Conversations, to the bot',
    xml: `<message ${chat} id='0f1c5a3e-53a2-4b6e-9d6b-6c6a1f6d2b11' xml:lang='en'><body>list services</body><markable xmlns='urn:xmpp:chat-markers:0'/><origin-id id='0f1c5a3e-53a2-4b6e-9d6b-6c6a1f6d2b11' xmlns='urn:xmpp:sid:0'/><request xmlns='urn:xmpp:receipts'/><active xmlns='http://jabber.org/protocol/chatstates'/><store xmlns='urn:xmpp:hints'/><stanza-id by='micro@chat.test' id='mam-1' xmlns='urn:xmpp:sid:0'/></message>`,
    text: 'list services',
    ...direct,
  },
  {
    program: 'Conversations, in a room',
    xml: `<message ${room} id='3d1c'><body>micro: health orders</body><markable xmlns='urn:xmpp:chat-markers:0'/><origin-id id='3d1c' xmlns='urn:xmpp:sid:0'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='occ-alice'/><stanza-id by='ops@rooms.chat.test' id='a-1' xmlns='urn:xmpp:sid:0'/></message>`,
    text: 'health orders',
    ...spoken,
    addressed: true,
  },
  {
    program: 'Conversations, a reply that quotes',
    xml: `<message ${room} id='4'><body>&gt; alice:\n&gt; 🚀 deploy orders v2\nmicro, list services</body><reply to='ops@rooms.chat.test/alice' id='a-1' xmlns='urn:xmpp:reply:0'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='30'/></fallback></message>`,
    text: 'list services',
    ...spoken,
    addressed: true,
  },
  {
    program: 'Gajim, to the bot',
    xml: `<message ${chat} id='gajim-1' xml:lang='de'><origin-id xmlns='urn:xmpp:sid:0' id='gajim-1'/><request xmlns='urn:xmpp:receipts'/><thread>a6b1c2</thread><body>call greeter Greeter.Hello {"name":"Zoë"}</body><active xmlns='http://jabber.org/protocol/chatstates'/><nick xmlns='http://jabber.org/protocol/nick'>admin</nick></message>`,
    text: 'call greeter Greeter.Hello {"name":"Zoë"}',
    ...direct,
  },
  {
    program: 'Gajim, in a room, with a completed nick',
    xml: `<message ${room} id='g2'><body>micro, list services</body><thread>1</thread></message>`,
    text: 'list services',
    ...spoken,
    addressed: true,
  },
  {
    program: 'Dino, with a fence around JSON',
    xml: `<message ${chat} id='d1'><body>call greeter Greeter.Hello \`\`\`json\n{"name":"x"}\n\`\`\`</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    text: 'call greeter Greeter.Hello ```{"name":"x"}```',
    ...direct,
  },
  {
    program: 'Dino, through the room',
    xml: `<message type='chat' from='ops@rooms.chat.test/alice' to='micro@chat.test/r1' id='d2'><body>whoami</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>`,
    text: 'whoami',
    kind: 'private',
    sender: 'alice@chat.test',
    addressed: true,
  },
  {
    program: 'Psi, to the bot, as HTML too',
    xml: `<message ${chat} id='aaf8a'><subject>x</subject><body>get service &lt;orders&gt; &amp; more</body><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>delete everything</p></body></html></message>`,
    text: 'get service <orders> & more',
    ...direct,
  },
  {
    program: 'Psi, a single message',
    xml: `<message from='alice@chat.test/Psi' to='micro@chat.test' id='ab05a'><body>list services</body></message>`,
    text: 'list services',
    ...direct,
  },
  {
    program: 'a type that nobody knows',
    xml: `<message type='command' from='alice@chat.test/a' id='t1'><body>list services</body></message>`,
    text: 'list services',
    ...direct,
  },
  {
    program: 'profanity, in a room',
    xml: `<message ${room} id='prof_1'><body>hello everybody</body><origin-id xmlns='urn:xmpp:sid:0' id='prof_1'/></message>`,
    text: 'hello everybody',
    ...spoken,
  },
  {
    program: 'Movim, with a reference',
    xml: `<message ${room} id='m1'><body>@micro list services</body><reference xmlns='urn:xmpp:reference:0' begin='0' end='6' type='mention' uri='xmpp:micro@chat.test'/></message>`,
    text: 'list services',
    ...spoken,
    addressed: true,
  },
  {
    program: 'Converse, with a reference in the middle',
    xml: `<message ${room} id='m2'><body>could you, micro, list services</body><reference xmlns='urn:xmpp:reference:0' begin='11' end='16' type='mention' uri='xmpp:ops@rooms.chat.test/micro'/></message>`,
    text: 'could you, micro, list services',
    ...spoken,
    addressed: true,
  },
  {
    program: 'a person of a room that tells occupants apart and no addresses',
    xml: `<message type='groupchat' from='ops@rooms.chat.test/bob' id='b1'><body>micro: whoami</body></message>`,
    text: 'whoami',
    kind: 'groupchat',
    sender: 'ops@rooms.chat.test/occ-bob',
    addressed: true,
  },
  {
    program: 'a nick with spaces and marks',
    xml: `<message type='groupchat' from='named@rooms.chat.test/alice' id='n1'><body>MICRO BOT (1): list  services</body></message>`,
    text: 'list  services',
    ...spoken,
    addressed: true,
  },
  {
    program: 'a word that begins like our nick',
    xml: `<message ${room} id='w1'><body>microscope: on sale</body></message>`,
    text: 'microscope: on sale',
    ...spoken,
  },
  {
    program: 'line ends and spaces of other machines',
    xml: `<message ${chat} id='w2'><body>  list\u00a0services\r\nand\u2028more \u200b</body></message>`,
    text: 'list services\nand\nmore',
    ...direct,
  },
  {
    program: 'one argument between backticks',
    xml: `<message ${chat} id='w3'><body>call x Y.Z \`{"a":"b\u00a0c"}\` don\`t</body></message>`,
    text: 'call x Y.Z `{"a":"b\u00a0c"}` don`t',
    ...direct,
  },
  {
    program: 'marks that are none',
    xml: `<message ${chat} id='w4'><body>echo \`x\`</body><unstyled xmlns='urn:xmpp:styling:0'/></message>`,
    text: 'echo `x`',
    ...direct,
  },
  {
    program: 'two languages',
    xml: `<message ${chat} id='w5'><body xml:lang='de'>Dienste</body><body>list services</body></message>`,
    text: 'list services',
    ...direct,
  },
  {
    program: 'what Prosody kept while our stream was cut',
    xml: `<message ${chat} id='h1'><body>list services</body><delay xmlns='urn:xmpp:delay' from='micro@chat.test' stamp='STAMP'/></message>`,
    text: 'list services',
    ...direct,
  },
  {
    program: 'what ejabberd kept while our stream was cut',
    xml: `<message ${room} id='h2'><body>micro: list services</body><delay xmlns='urn:xmpp:delay' from='chat.test' stamp='STAMP'>Resent</delay></message>`,
    text: 'list services',
    ...spoken,
    addressed: true,
  },
];
