/** What a string in JSON says, as it is written with its quotes. */
export const readJsonString = (written: string): string =>
  written.includes('\\') ? String(JSON.parse(written)) : written.slice(1, -1);
