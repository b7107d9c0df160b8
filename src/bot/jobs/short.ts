/** What one line says must not push everything else out of sight. */
const maxLength = 80;

/** The first line of a text, cut where it is long. */
export function short(text: string): string {
  const [first = ''] = text.split('\n', 1);
  if (first.length <= maxLength && first.length === text.length) return text;
  return `${Array.from(first.slice(0, 2 * maxLength))
    .slice(0, maxLength - 1)
    .join('')}…`;
}
