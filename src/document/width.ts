const halves = /[\ud800-\udfff]/;

/** How many characters there are, where those beyond the first 65,536 of Unicode are one each. */
export const widthOf = (text: string): number => (halves.test(text) ? Array.from(text).length : text.length);
