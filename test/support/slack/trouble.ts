import { Refusal, tooOften } from './refusal.ts';

/** What goes wrong with a request. */
export type Trouble =
  /** An HTTP status instead of an answer, such as 500 or 503; nothing was done. */
  | { readonly kind: 'status'; readonly status: number }
  /** `{ok: false, error}`, such as `invalid_auth`; nothing was done. */
  | { readonly kind: 'error'; readonly error: string }
  /** HTTP 429; nothing was done. */
  | { readonly kind: 'ratelimited'; readonly retryAfterS: number }
  /** It is done, and answered that much later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection ends before anything is done. */
  | { readonly kind: 'cut' }
  /** It is done, and the connection ends before the answer. */
  | { readonly kind: 'cut after' }
  /** It is done, and never answered. */
  | { readonly kind: 'silent' }
  /** It is done, and this comes instead of the answer, with status 200. */
  | { readonly kind: 'garbage'; readonly body: string };

export interface Troubles {
  /** From now on for this method (`*`: all of them; `response_url`, `upload`), so many times. Returns what ends it. */
  add(method: string, trouble: Trouble, times?: number): () => void;
  /** What this request has to suffer; counts it. */
  take(method: string): Trouble | undefined;
}

interface Entry {
  readonly method: string;
  readonly trouble: Trouble;
  left: number;
}

export function troubles(): Troubles {
  const entries = new Set<Entry>();
  return {
    add(method, trouble, times = Number.POSITIVE_INFINITY) {
      const entry = { method, trouble, left: times };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    take(method) {
      for (const entry of entries) {
        if (entry.method !== method && entry.method !== '*') continue;
        entry.left -= 1;
        if (entry.left <= 0) entries.delete(entry);
        return entry.trouble;
      }
      return undefined;
    },
  };
}

/** What is said in place of doing it. */
export const refusalOf = (trouble: Trouble | undefined): Refusal | undefined => {
  if (trouble?.kind === 'error') return new Refusal(trouble.error);
  return trouble?.kind === 'ratelimited' ? tooOften(trouble.retryAfterS) : undefined;
};
