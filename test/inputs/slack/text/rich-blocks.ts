/** What Slack's editor sends beside a text. */
export type Element = Readonly<Record<string, unknown>>;

export const text = (value: string, style?: string): Element => ({
  type: 'text',
  text: value,
  ...(style === undefined ? {} : { style: { [style]: true } }),
});
export const user = (id: string): Element => ({ type: 'user', user_id: id });
export const link = (url: string, label?: string, style?: string): Element => ({
  type: 'link',
  url,
  ...(label === undefined ? {} : { text: label }),
  ...(style === undefined ? {} : { style: { [style]: true } }),
});
export const emoji = (name: string, more: Element = {}): Element => ({ type: 'emoji', name, ...more });

export const section = (...elements: readonly Element[]): Element => ({ type: 'rich_text_section', elements });
export const fence = (...elements: readonly Element[]): Element => ({
  type: 'rich_text_preformatted',
  elements,
  border: 0,
});
export const quote = (...elements: readonly Element[]): Element => ({ type: 'rich_text_quote', elements });
export const list = (style: 'bullet' | 'ordered', items: readonly Element[], more: Element = {}): Element => ({
  type: 'rich_text_list',
  style,
  indent: 0,
  border: 0,
  elements: items,
  ...more,
});
export const rich = (...elements: readonly Element[]): readonly Element[] => [
  { type: 'rich_text', block_id: 'b', elements },
];
