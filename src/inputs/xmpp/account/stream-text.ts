import { escapeXML } from '@xmpp/xml';
import { streamErrors, streamNamespace } from './namespaces.ts';

/** How a stream to a domain begins. */
export const streamHeader = (domain: string): string =>
  `<?xml version='1.0'?><stream:stream to='${escapeXML(domain)}' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='${streamNamespace}'>`;

export const streamFooter = '</stream:stream>';

/** Tells the server why we end the stream. */
export const streamError = (condition: string): string =>
  `<stream:error><${condition} xmlns='${streamErrors}'/></stream:error>`;
