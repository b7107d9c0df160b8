import { type Command, CommandError, type Invocation } from '../commands/command.ts';
import { type Document, text } from '../document/document.ts';
import { oneLine } from '../document/harmless.ts';
import { StateError } from '../state/state.ts';
import type { Identity } from './access.ts';
import { identityOf } from './asker.ts';
import type { FileAccess } from './create.ts';
import type { Account } from './kept-links.ts';
import { codeMs, idOfAccount, type LinkStep } from './links.ts';

/** Says something to a person alone, where their network can. May reject: nothing depends on it. */
export type Tell = (identity: Identity, document: Document) => Promise<void>;

export const linkCommand = (access: FileAccess, tell: Tell): Command => ({
  name: 'link',
  usage: 'link [code [yes]]',
  description: 'Makes your accounts on several networks one person to the bot',
  source: { kind: 'builtin' },
  examples: ['link', 'link K7QD-2MXA', 'link K7QD-2MXA yes'],
  effect: 'read',
  isAside: true,
  isOwnWord: true,
  run: async (invocation): Promise<Document> => {
    const identity = alone(invocation);
    const [code, yes, ...more] = invocation.args.words;
    const isYes = yes?.toLowerCase() === 'yes';
    if (more.length > 0 || (yes !== undefined && !isYes))
      throw new CommandError('usage', 'link, link CODE or link CODE yes');
    if (code === undefined) {
      const made = await kept(() => access.links.create(identity));
      return text(
        `Within ${codeMs / 60_000} minutes, type this to me from your other account, in a conversation of our own: link ${made}\n` +
          'Then I ask you here once more. Give the code to nobody: whoever is linked with you may do all that you may.',
      );
    }
    const step = await kept(() => access.links.use(identity, code, isYes));
    if (step.kind === 'agreed') {
      // Where they cannot be told they are asked when they type the code.
      await tell({ ...step.creator, isKnown: true }, asked(access, step.creator, step.claimant, code))
        .then(() => access.links.told(code))
        .catch(() => {});
    }
    return answer(access, identity, step, code);
  },
});

export const unlinkCommand = (access: FileAccess): Command => ({
  name: 'unlink',
  usage: 'unlink [account]',
  description: 'Takes the link between your accounts away',
  source: { kind: 'builtin' },
  examples: ['unlink', 'unlink xmpp:ann@example.org'],
  effect: 'read',
  isAside: true,
  run: async ({ args, caller }): Promise<Document> => {
    const identity = identityOf(caller);
    if (!identity.isKnown) throw new CommandError('failed', unknown);
    const wanted = args.word(0);
    const gone = await kept(() => access.links.remove(identity, wanted));
    if (gone.length > 0) return text(`${gone.map(oneLine).join(', ')}: not linked any more`);
    throw new CommandError(
      'not_found',
      `${wanted === undefined ? 'this account' : oneLine(wanted)} is not linked with yours; what the access file says can be changed only there`,
    );
  },
});

const unknown = 'the network does not vouch for who you are here: nobody can be linked';

/** A code is for its person's eyes. */
function alone({ caller }: Invocation): Identity {
  const identity = identityOf(caller);
  if (!identity.isKnown) throw new CommandError('failed', unknown);
  if (caller.isDirect !== true) {
    throw new CommandError('failed', 'say that in a conversation of our own: here others read along');
  }
  return identity;
}

async function kept<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    throw new CommandError('failed', 'nothing was changed: it could not be kept', { cause: error });
  }
}

function answer(access: FileAccess, identity: Identity, step: LinkStep, code: string): Document {
  switch (step.kind) {
    case 'barred':
      throw new CommandError('failed', 'too many wrong codes: wait a minute');
    case 'unknown':
      throw new CommandError('not_found', 'there is no such code: it was used, is too old, or is for somebody else');
    case 'refused':
      throw new CommandError('failed', step.why);
    case 'early':
      throw new CommandError('failed', 'type the code from your other account first, and agree there');
    case 'ask':
      return asked(access, identity, step.other, code);
    case 'agreed':
      return text(`Now ${named(step.creator)} is asked. Nothing is linked before they say: link ${code} yes`);
    case 'linked':
      return text(`${named(identity)} and ${named(step.other)} are one person now. unlink takes it back.`);
    default:
      return step satisfies never;
  }
}

/** Both accounts in full, and what each would gain by it. */
function asked(access: FileAccess, own: Account, other: Account, code: string): Document {
  return {
    kind: 'group',
    gap: 0,
    parts: [
      text('These two accounts would be one person, each may do then what the other may:'),
      { kind: 'list', items: [`yours: ${holding(access, own)}`, `other: ${holding(access, other)}`] },
      text(
        `If somebody asked you to do this, or the other account is not your own, stop here: its owner would act in your name.\n` +
          `Only if both are yours: link ${code} yes`,
      ),
    ],
  };
}

function holding(access: FileAccess, account: Account): string {
  const { input, user, name } = account;
  const { person, ownRoles } = access.profileOf({ input, user, name, isKnown: true });
  const known = person.id === idOfAccount(account) ? '' : `, ${oneLine(person.id)} of the access file`;
  return `${named(account)}${known}, ${ownRoles.length === 0 ? 'no roles' : `roles ${ownRoles.join(', ')}`}`;
}

/** The id comes first: the name is what its owner likes to be called. */
const named = (account: Account): string => `${oneLine(idOfAccount(account))} ("${oneLine(account.name)}")`;
