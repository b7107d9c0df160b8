/** The table both sides know from the start (RFC 7541, appendix A), names and values in turn. Its first entry has the index 1. */
const entries: readonly (readonly [name: string, value?: string])[] = [
  [':authority'],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset'],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language'],
  ['accept-ranges'],
  ['accept'],
  ['access-control-allow-origin'],
  ['age'],
  ['allow'],
  ['authorization'],
  ['cache-control'],
  ['content-disposition'],
  ['content-encoding'],
  ['content-language'],
  ['content-length'],
  ['content-location'],
  ['content-range'],
  ['content-type'],
  ['cookie'],
  ['date'],
  ['etag'],
  ['expect'],
  ['expires'],
  ['from'],
  ['host'],
  ['if-match'],
  ['if-modified-since'],
  ['if-none-match'],
  ['if-range'],
  ['if-unmodified-since'],
  ['last-modified'],
  ['link'],
  ['location'],
  ['max-forwards'],
  ['proxy-authenticate'],
  ['proxy-authorization'],
  ['range'],
  ['referer'],
  ['refresh'],
  ['retry-after'],
  ['server'],
  ['set-cookie'],
  ['strict-transport-security'],
  ['transfer-encoding'],
  ['user-agent'],
  ['vary'],
  ['via'],
  ['www-authenticate'],
];

/** The index of the last entry. */
export const staticEntries: number = entries.length;

/** By index; nothing is at 0. */
export const staticNames: readonly string[] = ['', ...entries.map(([name]) => name)];
export const staticValues: readonly string[] = ['', ...entries.map(([, value = '']) => value)];

const byName = new Map<string, number>();
const byField = new Map<string, number>();
for (let index = staticEntries; index > 0; index -= 1) {
  const name = staticNames[index] ?? '';
  byName.set(name, index);
  byField.set(`${name}\n${staticValues[index] ?? ''}`, index);
}

/** The first index with this name; 0 when there is none. */
export const staticNameIndex = (name: string): number => byName.get(name) ?? 0;

/** The index of this name with this value; 0 when there is none. `field` is name, line break, value. */
export const staticFieldIndex = (field: string): number => byField.get(field) ?? 0;
