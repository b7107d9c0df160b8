import { createElement as xml, type Element } from '@xmpp/xml';
import { Failure } from './failure.ts';
import type { Link } from './link.ts';
import { managementNamespace } from './namespaces.ts';

/** What the server needs to know to let a session go on. */
export interface Previous {
  readonly id: string;
  /** Stanzas we had from it. */
  readonly received: number;
}

/** Stanzas are counted and acknowledged. */
export interface Enabled {
  /** Undefined where a cut can't be bridged. */
  readonly id: string | undefined;
  /** How long after a cut the server waits for us. */
  readonly resumeMs: number;
}

/** What a server that does not say so waits for us, at least as most do. */
const usualResumeMs = 300_000;

export type Resumed =
  | { readonly kind: 'resumed'; readonly handled: number }
  /** `handled`: what the server had of the previous session. */
  | { readonly kind: 'over'; readonly handled: number | undefined };

/** Asks for the previous session. */
export async function resume(link: Link, features: Element, previous: Previous | undefined): Promise<Resumed> {
  if (previous === undefined || !isOffered(features)) return { kind: 'over', handled: undefined };
  const { id, received } = previous;
  void link.write(xml('resume', { xmlns: managementNamespace, h: String(received), previd: id }).toString());
  for (;;) {
    const element = await link.next();
    const handled = readCount(element.attrs['h']);
    if (element.is('resumed', managementNamespace) && handled !== undefined) return { kind: 'resumed', handled };
    if (element.is('failed', managementNamespace)) return { kind: 'over', handled };
  }
}

/** Has the stanzas of a new session counted, where the server can. Those that came before go into `early`: they do not count. */
export async function enable(link: Link, features: Element, early: Element[]): Promise<Enabled | undefined> {
  if (!isOffered(features)) return undefined;
  void link.write(xml('enable', { xmlns: managementNamespace, resume: 'true' }).toString());
  for (;;) {
    const element = await link.next();
    if (element.is('failed', managementNamespace)) return undefined;
    if (!element.is('enabled', managementNamespace)) {
      keep(element, early);
      continue;
    }
    const { id, resume: canResume, max } = element.attrs as Readonly<Record<string, string | undefined>>;
    const isResumable = id !== undefined && (canResume === 'true' || canResume === '1');
    const seconds = readCount(max);
    return {
      id: isResumable ? id : undefined,
      resumeMs: seconds === undefined ? usualResumeMs : Math.min(seconds, 86_400) * 1000,
    };
  }
}

/** Puts something aside for after the login. Throws a `Failure` when it is too much. */
export function keep(element: Element, early: Element[]): void {
  if (early.push(element) > 1_000) throw new Failure('unavailable', 'the server sends more than a login needs');
}

/** A count of stanzas. Undefined for what is none. */
export function readCount(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

const isOffered = (features: Element): boolean => features.getChild('sm', managementNamespace) !== undefined;
