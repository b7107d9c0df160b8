/** The JSON object with its member names in lower case: Go matches them without regard to case, and of several spellings the last one counts. */
export const members = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? Object.fromEntries(Object.entries(json).map(([name, value]) => [name.toLowerCase(), value]))
    : json;
