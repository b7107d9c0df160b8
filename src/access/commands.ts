import type { Command } from '../commands/command.ts';
import { accessCommand } from './access-command.ts';
import type { FileAccess } from './create.ts';
import { canI, type Secrets, whoCan, type Wished } from './explain.ts';
import { linkCommand, type Tell, unlinkCommand } from './linking.ts';
import { rolesCommand, whoami } from './whoami.ts';

export interface AccessCommandsOptions {
  readonly access: FileAccess;
  /** What a line would be asked for: the command and its plan, or a sentence. */
  readonly question: Wished;
  readonly secrets: Secrets;
  /** Tells a person that an account wants to be linked with theirs. Default: they see it when they type the code again. */
  readonly tell?: Tell;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** `whoami`, `roles`, `access`, `link`, `unlink`, `who can …`, `can i …`: for everybody, on their own things. */
export const accessCommands = ({
  access,
  question,
  secrets,
  now = Date.now,
  tell = () => Promise.reject(new Error('nobody can be told anything here')),
}: AccessCommandsOptions): readonly Command[] => [
  whoami(access),
  rolesCommand(access),
  accessCommand(access, now),
  linkCommand(access, tell),
  unlinkCommand(access),
  whoCan(access, question, secrets),
  canI(access, question, secrets),
];
