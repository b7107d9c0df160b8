/** A block of fields that can't be read: from here on the tables of the two sides differ, and the connection is lost (RFC 7541). */
export class HpackError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HpackError';
  }
}
