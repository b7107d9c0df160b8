import type { Command } from '../../commands/command.ts';
import { cancelCommand } from './cancel.ts';
import type { JobCommandDeps } from './deps.ts';
import { historyCommand } from './history.ts';
import { jobCommand } from './job.ts';
import { listCommand } from './list.ts';
import { rerunCommand } from './rerun.ts';

export const jobCommands = (deps: JobCommandDeps): readonly Command[] => [
  listCommand(deps),
  jobCommand(deps),
  cancelCommand(deps),
  historyCommand(deps),
  rerunCommand,
];
