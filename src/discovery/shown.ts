/**
 * An address that cannot be read, as a sentence about it may name it. One that may hold a password is not repeated: where it ends is
 * not known, and a comma in it makes two addresses of one.
 */
export const shownAddress = (address: string, all: readonly string[]): string =>
  all.some((each) => /[@?#]/.test(each)) ? 'what was given' : JSON.stringify(address);
