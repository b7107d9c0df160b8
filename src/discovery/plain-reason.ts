/** What a library says of a connection, where OpenSSL speaks: its own words for people, without the places in its code. */
export const plainReason = (text: string): string =>
  text.replace(/\b[0-9A-F]+:error:[0-9A-F]*:[^:]*:[^:]*:([^:]*):\S*\s*/i, (_, words: string) =>
    /wrong version|unknown protocol|http request|packet length/i.test(words)
      ? 'it does not speak TLS'
      : `TLS: ${words}`,
  );
