import type { Writable } from 'node:stream';
import type { Command } from '../commands/command.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/values.ts';

/** The shared commands, with what they hold open. */
export interface Opened {
  readonly commands: readonly Command[];
  close(): Promise<void>;
}

export interface Cli {
  /** Without node and the script. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly version: () => string;
  /** Connects the shared commands. Throws a `ConfigError` (`unknown`) when a driver does not exist. */
  readonly open: (config: Config) => Promise<Opened>;
  /** Runs the bot until it is stopped, and resolves with the exit code. */
  readonly bot: (config: Config) => Promise<number>;
}
