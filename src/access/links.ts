import type { Audit } from '../audit/audit.ts';
import type { Log } from '../log/log.ts';
import type { Shelf } from '../state/state.ts';
import type { Identity } from './access.ts';
import { newCode, showCode } from '../async/codes.ts';
import { createGuesses } from '../async/guesses.ts';
import { idOf } from './identifier.ts';
import type { Account, KeptLinks, Link, OpenCode } from './kept-links.ts';
import type { Policy } from './policy.ts';
import { codeLength, printOf } from './print.ts';
import { accountsOf, type Kinship } from './profile.ts';

/** What came of typing a code. */
export type LinkStep =
  /** Too many wrong ones. */
  | { readonly kind: 'barred' }
  /** No such code, or none for this account: it was used, is too old, or somebody else typed it first. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly why: string }
  /** The creator typed it before anybody else agreed. */
  | { readonly kind: 'early' }
  /** `yes` is wanted: of the claimant first, then of the creator. */
  | { readonly kind: 'ask'; readonly whom: 'claimant' | 'creator'; readonly other: Account }
  /** The claimant has said yes: it is the creator's turn. */
  | { readonly kind: 'agreed'; readonly creator: Account; readonly claimant: Account }
  | { readonly kind: 'linked'; readonly other: Account };

/** Accounts that are one person's, because both said so. What the access file says comes before. */
export interface Links extends Kinship {
  /** A code for one use within ten minutes. It takes the place of one that the account has. Rejects when it could not be kept. */
  create(identity: Identity): Promise<string>;
  /** Somebody types a code, for the first time or with `yes`. Rejects when it could not be kept: then nothing was linked. */
  use(identity: Identity, code: string, isYes: boolean): Promise<LinkStep>;
  /** Whoever made the code was asked elsewhere, with both accounts before their eyes: their next yes counts. */
  told(code: string): Promise<void>;
  /** Takes links of this person's away: the one of `id`, or all of this account. Returns the accounts that are on their own again. */
  remove(identity: Identity, id?: string): Promise<readonly string[]>;
}

export interface LinksOptions {
  readonly shelf: Shelf<KeptLinks>;
  readonly policy: () => Policy;
  /** Somebody is somebody else from now on. */
  readonly changed: () => void;
  readonly audit?: Pick<Audit, 'write'> | undefined;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a code is good for. */
export const codeMs = 600_000;
const maxCodes = 1_000;
const maxLinks = 100_000;

export function createLinks({ shelf, policy, changed, audit, log, now }: LinksOptions): Links {
  const guesses = createGuesses(now);
  let index = indexOf(shelf.current.links);
  /** One change after the other: each must be kept before the next is thought about. */
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  const kin: Kinship = {
    anchorOf: (id) => index.anchors.get(id) ?? id,
    linkedTo: (anchor) => index.linked.get(anchor) ?? [],
  };
  const personOf = (account: Account): string => accountsOf(policy(), kin, idOfAccount(account)).person;

  const note = (what: string, account: Account, details: Readonly<Record<string, string>>): void => {
    audit
      ?.write({ kind: 'note', what, person: personOf(account), details: { account: idOfAccount(account), ...details } })
      .catch((error: unknown) => log.warn('a link is missing in the audit', { what, error }));
  };

  const replace = async (value: KeptLinks): Promise<void> => {
    const before = shelf.current;
    try {
      await shelf.replace(value);
    } catch (error) {
      // What might be gone after the next start must not open anything now.
      await shelf.replace(before).catch(() => {});
      throw error;
    }
    if (value.links === before.links) return;
    index = indexOf(value.links);
    changed();
  };

  const current = (): readonly OpenCode[] => shelf.current.codes.filter(({ until }) => until > now());
  const put = (code: OpenCode): Promise<void> =>
    replace({
      ...shelf.current,
      codes: [...current().filter(({ print }) => print !== code.print), code].slice(-maxCodes),
    });

  const claim = async (open: OpenCode, account: Account, isYes: boolean): Promise<LinkStep> => {
    const planned = plan(policy(), kin, open.creator, account, now());
    if ('refused' in planned) return { kind: 'refused', why: planned.refused };
    const { creator } = open;
    if (open.claimant === undefined) note('link code typed', account, { creator: idOfAccount(creator) });
    if (open.claimant === undefined || !isYes) {
      await put({ ...open, claimant: account, isAgreed: open.isAgreed });
      return { kind: 'ask', whom: 'claimant', other: creator };
    }
    await put({ ...open, isAgreed: true });
    return { kind: 'agreed', creator, claimant: account };
  };

  const complete = async (open: OpenCode, account: Account, isYes: boolean): Promise<LinkStep> => {
    const { claimant } = open;
    if (claimant === undefined || !open.isAgreed) return { kind: 'early' };
    const planned = plan(policy(), kin, account, claimant, now());
    if ('refused' in planned) return { kind: 'refused', why: planned.refused };
    if (!open.isShown || !isYes) {
      await put({ ...open, isShown: true });
      return { kind: 'ask', whom: 'creator', other: claimant };
    }
    const links = [...shelf.current.links, planned.link].slice(-maxLinks);
    await replace({ links, codes: current().filter(({ print }) => print !== open.print) });
    note('linked', account, { other: idOfAccount(claimant) });
    return { kind: 'linked', other: claimant };
  };

  return {
    ...kin,
    create: (identity) =>
      inTurn(async () => {
        const creator = accountOf(identity);
        const code = showCode(newCode(codeLength));
        const print = printOf(code) ?? '';
        const others = current().filter((open) => idOfAccount(open.creator) !== idOfAccount(creator));
        const open: OpenCode = { print, creator, until: now() + codeMs, isAgreed: false, isShown: false };
        await replace({ ...shelf.current, codes: [...others, open].slice(-maxCodes) });
        note('link code made', creator, {});
        return code;
      }),
    use: (identity, code, isYes) =>
      inTurn(async () => {
        const account = accountOf(identity);
        const id = idOfAccount(account);
        const person = personOf(account);
        if (guesses.isOut(person)) return { kind: 'barred' };
        const print = printOf(code);
        const open = current().find((each) => each.print === print);
        if (open !== undefined && idOfAccount(open.creator) === id) return complete(open, account, isYes);
        const isTheirs = open?.claimant === undefined || idOfAccount(open.claimant) === id;
        if (open !== undefined && isTheirs) return claim(open, account, isYes);
        if (guesses.wrong(person)) note('link codes guessed', account, {});
        return { kind: 'unknown' };
      }),
    told: (code) =>
      inTurn(async () => {
        const print = printOf(code);
        const open = current().find((each) => each.print === print);
        if (open?.isAgreed === true) await put({ ...open, isShown: true });
      }),
    remove: (identity, wanted) =>
      inTurn(async () => {
        const own = idOf(identity.input, identity.user);
        const { ids } = accountsOf(policy(), kin, own);
        const isGone = ({ id, to }: Link): boolean =>
          wanted === undefined ? id === own || to === own : id === wanted && ids.includes(id);
        const gone = shelf.current.links.filter(isGone);
        if (gone.length === 0) return [];
        await replace({ ...shelf.current, links: shelf.current.links.filter((link) => !isGone(link)) });
        for (const { id, to } of gone) note('unlinked', accountOf(identity), { id, from: to });
        return gone.map(({ id }) => id);
      }),
  };
}

/** The link that would make one person of two accounts, or why there can be none. */
function plan(
  policy: Policy,
  kin: Kinship,
  creator: Account,
  claimant: Account,
  at: number,
): { readonly link: Link } | { readonly refused: string } {
  const [one, other] = [idOfAccount(creator), idOfAccount(claimant)];
  const [ours, theirs] = [accountsOf(policy, kin, one), accountsOf(policy, kin, other)];
  if (creator.input === claimant.input) return { refused: 'a code is for an account on another network' };
  if (ours.person === theirs.person) return { refused: 'these accounts are one person already' };
  const [isOurs, isTheirs] = [policy.people.has(ours.person), policy.people.has(theirs.person)];
  if (isOurs && isTheirs) return { refused: 'both are people of the access file: only the file can make them one' };
  // Whoever is in the file stays who they are; the other account joins them, and must not bring more along.
  const [joining, anchor, name] = isTheirs ? [ours, other, creator.name] : [theirs, one, claimant.name];
  const id = isTheirs ? one : other;
  if (joining.ids.length > 1) return { refused: `${id} is linked already: unlink it first` };
  return { link: { id, to: kin.anchorOf(anchor), name, at } };
}

const accountOf = ({ input, user, name }: Identity): Account => ({ input, user, name });
export const idOfAccount = ({ input, user }: Account): string => idOf(input, user);

function indexOf(links: readonly Link[]): {
  readonly anchors: ReadonlyMap<string, string>;
  readonly linked: ReadonlyMap<string, readonly string[]>;
} {
  const linked = new Map<string, string[]>();
  for (const { id, to } of links) linked.set(to, [...(linked.get(to) ?? []), id]);
  return { anchors: new Map(links.map(({ id, to }) => [id, to])), linked };
}
