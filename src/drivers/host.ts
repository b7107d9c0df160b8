import type { CommandSet } from '../commands/set.ts';
import type { Taken } from '../async/taken.ts';
import type { Config } from '../config/config.ts';
import type { Directory } from '../discovery/directory.ts';
import type { Log } from '../log/log.ts';
import type { Client } from '../runtime/client/client.ts';

/** What a bot gives its inputs. */
export interface Host {
  readonly config: Config;
  /** Asked each time: the set changes while the bot runs. */
  readonly commands: () => CommandSet;
  readonly directory: Directory;
  readonly client: Client;
  /** What was taken before this process began, by the name of an input. */
  readonly taken: (input: string) => Promise<Taken>;
  /** Of the program. */
  readonly version: string;
  readonly log: Log;
}
