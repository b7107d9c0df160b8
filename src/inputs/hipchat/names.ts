/** What only HipChat's servers understand. */
export const hipchatNames = {
  auth: 'http://hipchat.com',
  room: 'http://hipchat.com/protocol/muc#room',
  profile: 'http://hipchat.com/protocol/profile',
  /** In the capabilities of a presence: nobody replays history to a bot. */
  bot: 'http://hipchat.com/client/bot',
} as const;

export const xmppNames = {
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  authFeature: 'http://jabber.org/features/iq-auth',
  auth: 'jabber:iq:auth',
  roster: 'jabber:iq:roster',
  vcard: 'vcard-temp',
  items: 'http://jabber.org/protocol/disco#items',
  caps: 'http://jabber.org/protocol/caps',
} as const;

/** HipChat knows a bot by its resource, too. */
export const botResource = 'bot';
