import type { Fields } from '../../http2/http2.ts';

/**
 * What heads of requests to one node have in common in all calls of one method: always the same lists, so that a connection sends them in
 * a few bytes.
 */
export class Heads {
  readonly #node: Fields;
  readonly #lists = new WeakMap<Fields, Fields>();
  #last: Fields | undefined;
  #lastList: Fields = [];

  /** `authority` is the address by which the node is known. */
  constructor(scheme: 'http' | 'https', authority: string) {
    this.#node = [':method', 'POST', ':scheme', scheme, ':authority', authority];
  }

  /** The whole list for what a format says, which begins with the path. */
  of(fields: Fields): Fields {
    // Many calls in a row are of the same method.
    if (fields === this.#last) return this.#lastList;
    let list = this.#lists.get(fields);
    if (list === undefined) {
      list = [...this.#node, ...fields];
      this.#lists.set(fields, list);
    }
    this.#last = fields;
    this.#lastList = list;
    return list;
  }
}
