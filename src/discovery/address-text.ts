/** The addresses in a list, where several may stand with commas between them; the default when there is none. */
export function eachAddress(addresses: readonly string[], none: string): readonly string[] {
  const all = addresses
    .flatMap((each) => each.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return all.length === 0 ? [none] : all;
}

/** Undefined for what is no URL. */
export function parsedUrl(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

/** A user or a password of a URL; as it is, where its escapes are none. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
