import type { State } from '../../state/state.ts';
import { forDisk, nothingKept } from './kept.ts';
import type { Request } from './request.ts';

/** The requests that wait, in memory and on their shelf. */
export interface Ledger {
  readonly waiting: readonly Request[];
  find(code: string): Request | undefined;
  /** What an earlier run of the bot left behind and cannot go on with. It is kept until `forget`. */
  readonly left: readonly LeftOver[];
  /** Adds or replaces one. Rejects with a `StateError`: then all is as before. */
  keep(request: Request): Promise<void>;
  /** Uses one up, as far as it has come: resolves when it can never be used again, whatever happens. Rejects with a `StateError`: then it waits as before. */
  take(request: Request): Promise<void>;
  /** Drops one that shall not run. It is gone at once; rejects with a `StateError` when a restart may bring it back. */
  drop(code: string): Promise<void>;
  /** What was taken has begun, what was left behind was told. */
  forget(code: string): Promise<void>;
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
}

export interface LeftOver {
  readonly request: Request;
  /** `taken`: it was used up, and perhaps ran. `masked`: its line was not kept. */
  readonly why: 'taken' | 'masked';
}

/** Throws a `StateError`. */
export async function openLedger(state: State): Promise<Ledger> {
  const shelf = await state.shelf(
    'approvals',
    async (kept) => (await import('./schema.ts')).readKept(kept),
    nothingKept,
  );
  const isLost = ({ wanted }: Request): boolean => wanted.isMasked;
  const waiting = byCode(shelf.current.waiting.filter((request) => !isLost(request)));
  const masked = byCode(shelf.current.waiting.filter(isLost));
  const taken = byCode(shelf.current.taken);
  const left: readonly LeftOver[] = [
    ...[...taken.values()].map((request): LeftOver => ({ request, why: 'taken' })),
    ...[...masked.values()].map((request): LeftOver => ({ request, why: 'masked' })),
  ];

  let last: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    const saved = shelf.replace(forDisk([...waiting.values(), ...masked.values()], taken.values()));
    last = saved.catch(() => {});
    return saved;
  };

  /** What could not be kept must not be kept later, either. */
  const saveOr = async (undo: () => void): Promise<void> => {
    try {
      await save();
    } catch (error) {
      undo();
      save().catch(() => {});
      throw error;
    }
  };

  return {
    get waiting() {
      return [...waiting.values()];
    },
    find: (code) => waiting.get(code),
    left,
    keep(request) {
      const before = waiting.get(request.code);
      waiting.set(request.code, request);
      return saveOr(() => {
        if (before === undefined) waiting.delete(request.code);
        else waiting.set(request.code, before);
      });
    },
    take(request) {
      const { code } = request;
      const before = waiting.get(code);
      if (before === undefined) return Promise.reject(new Error(`nothing waits under ${code}`));
      waiting.delete(code);
      taken.set(code, request);
      return saveOr(() => {
        taken.delete(code);
        waiting.set(code, before);
      });
    },
    drop(code) {
      waiting.delete(code);
      return save();
    },
    forget(code) {
      taken.delete(code);
      masked.delete(code);
      return save();
    },
    idle: () => last,
  };
}

const byCode = (requests: readonly Request[]): Map<string, Request> =>
  new Map(requests.map((request) => [request.code, request]));
