import { randomUUID } from 'node:crypto';
import { TransportError } from '../transport.ts';

/** Longer ones do not fit into a command line of the server, and it hangs up. */
const maxBytes = 1024;

/** Checks an address to dial or to listen on. Throws a `TransportError` (`invalid`) for what is no subject, or one with wildcards. */
export function checkSubject(address: string): string {
  const tokens = address.split('.');
  const isBad = tokens.some((token) => token === '' || token === '*' || token === '>');
  if (isBad || !isPrintable(address) || Buffer.byteLength(address) > maxBytes)
    throw new TransportError('invalid', `${JSON.stringify(address.slice(0, 100))} is no NATS subject`);
  return address;
}

const isPrintable = (text: string): boolean => !/[\s\u0000-\u001f\u007f]/.test(text);

/** Port 0 takes a free place, as for other transports; here each place is free. */
export const wantsAny = (address: string): boolean => address === '' || address.endsWith(':0');

/** A subject that nobody else listens on. */
export const newInbox = (): string => `_INBOX.${randomUUID().replaceAll('-', '')}`;

/** Who has a subject of this kind understands more than Go does: an empty message ends a socket, or asks whether it is there. */
const ourKind = /^_INBOX\.[0-9a-f]{32}\.bot\.\d+$/;

export const isOurs = (subject: string): boolean => ourKind.test(subject);
