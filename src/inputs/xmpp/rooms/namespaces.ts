/** What the protocols about rooms are called. */
export const namespaces = {
  muc: 'http://jabber.org/protocol/muc',
  user: 'http://jabber.org/protocol/muc#user',
  owner: 'http://jabber.org/protocol/muc#owner',
  discoInfo: 'http://jabber.org/protocol/disco#info',
  discoItems: 'http://jabber.org/protocol/disco#items',
  resultSet: 'http://jabber.org/protocol/rsm',
  form: 'jabber:x:data',
  direct: 'jabber:x:conference',
  occupantId: 'urn:xmpp:occupant-id:0',
  ping: 'urn:xmpp:ping',
  delay: 'urn:xmpp:delay',
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
} as const;
