/** What belongs to the stream itself: its header, its features, its errors. */
export const streamNamespace = 'http://etherx.jabber.org/streams';
/** Conditions of stream errors. */
export const streamErrors = 'urn:ietf:params:xml:ns:xmpp-streams';
/** Conditions of errors in stanzas. */
export const stanzaErrors = 'urn:ietf:params:xml:ns:xmpp-stanzas';
export const tlsNamespace = 'urn:ietf:params:xml:ns:xmpp-tls';
export const saslNamespace = 'urn:ietf:params:xml:ns:xmpp-sasl';
/** XEP-0198: stanzas that are counted, acknowledged, and sent again after a cut. */
export const managementNamespace = 'urn:xmpp:sm:3';
