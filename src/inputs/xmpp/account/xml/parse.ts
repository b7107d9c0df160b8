import { Element } from '@xmpp/xml';
import { XmlError } from './error.ts';
import { attributesOf, outermost, resolveName, type Scope, scopeWithin } from './names.ts';
import { createScanner, type Scanner } from './scan.ts';
import type { Tag } from './tag.ts';
import { streamNamespace } from '../namespaces.ts';

/** Who gets the parts of a stream. */
export interface Sink {
  /** The stream's own element has begun. */
  start(stream: Element): void;
  element(element: Element): void;
  /** The stream's own element was closed. */
  end(): void;
}

/** How much one element of a stream may hold, so that no server can fill the memory. */
export interface Limits {
  /** Characters. */
  readonly chars: number;
  /** Elements within each other. */
  readonly depth: number;
  /** Elements altogether. */
  readonly elements: number;
}

export const defaultLimits: Limits = { chars: 1_048_576, depth: 100, elements: 10_000 };

interface Frame {
  readonly element: Element;
  /** As it was written, for the tag that closes it. */
  readonly name: string;
  readonly namespace: string;
  readonly scope: Scope;
}

/**
 * Makes the elements of one stream. Their names have no prefixes and each says its namespace where it isn't that of its parent, whatever
 * way they were written: who looks at them need not care. Those in no namespace are left out, because nothing in XMPP is in none.
 */
export function createParser(sink: Sink, limits: Limits = defaultLimits): Scanner {
  const stack: Frame[] = [];
  let text = '';
  let chars = 0;
  let elements = 0;

  const flush = (): void => {
    if (text !== '' && stack.length > 1) stack.at(-1)?.element.t(text);
    text = '';
  };

  const open = (tag: Tag): void => {
    const outer = stack.at(-1);
    const scope = scopeWithin(tag, outer?.scope ?? outermost);
    const { local, namespace } = resolveName(tag.name, scope);
    const attributes = attributesOf(tag, scope);
    if (namespace !== outer?.namespace) attributes['xmlns'] = namespace;
    const element = new Element(local, attributes);
    if (outer === undefined) begin(element, namespace, scope);
    else if (stack.length > limits.depth) throw new XmlError('policy-violation', 'elements that are too deep');
    else if (++elements > limits.elements) throw new XmlError('policy-violation', 'too many elements in one');
    else if (stack.length > 1 && namespace !== '') outer.element.append(element);
    stack.push({ element, name: tag.name, namespace, scope });
  };

  const begin = (element: Element, namespace: string, scope: Scope): void => {
    if (element.name !== 'stream' || namespace !== streamNamespace || scope.get('') !== 'jabber:client') {
      throw new XmlError('invalid-namespace', 'no stream of XMPP');
    }
    sink.start(element);
  };

  const close = (name: string): void => {
    const frame = stack.pop();
    if (frame === undefined || frame.name !== name)
      throw new XmlError('not-well-formed', 'a closing tag that closes nothing');
    if (stack.length === 0) {
      scanner.stop();
      sink.end();
      return;
    }
    if (stack.length > 1) return;
    chars = 0;
    elements = 0;
    if (frame.namespace === '') return;
    // For the namespaces that the stream itself declares.
    frame.element.parent = stack[0]?.element ?? null;
    sink.element(frame.element);
  };

  const scanner = createScanner({
    tag(tag) {
      flush();
      if (tag.kind === 'close') {
        close(tag.name);
        return;
      }
      if (stack.length === 0 && tag.kind === 'empty')
        throw new XmlError('not-well-formed', 'a stream with nothing in it');
      open(tag);
      if (tag.kind === 'empty') close(tag.name);
    },
    text(piece) {
      if (stack.length < 2 && piece.trim() !== '') throw new XmlError('not-well-formed', 'text outside of elements');
      if (stack.length > 1) text += piece;
    },
  });

  return {
    write(more) {
      // A piece of a stanza may be counted with the next one: the limit is there for the memory, not to the letter.
      chars += more.length;
      scanner.write(more);
      if (stack.length < 2) chars = 0;
      if (chars > limits.chars) throw new XmlError('policy-violation', 'an element that is too large');
    },
    stop: () => scanner.stop(),
  };
}
