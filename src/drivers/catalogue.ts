import type { Catalogue } from '../commands/catalogue.ts';
import type { Config } from '../config/config.ts';
import type { Control } from '../control/control.ts';
import type { Input } from '../inputs/input.ts';
import type { Log } from '../log/log.ts';
import type { Runtime } from './connect.ts';
import { botName } from './service.ts';

export interface CatalogueDeps {
  readonly config: Config;
  readonly runtime: Runtime;
  /** Those that are listened on. */
  readonly inputs: () => readonly Input[];
  /** Of the program. */
  readonly version: string;
  readonly log: Log;
}

/** All commands of a bot, built-in and of services; with those of `control`, where there is one. */
export async function openCatalogue(
  { config, runtime, inputs, version, log }: CatalogueDeps,
  control?: Control,
): Promise<Catalogue> {
  const [{ createCatalogue }, { builtins }, directory] = await Promise.all([
    import('../commands/catalogue.ts'),
    import('../commands/builtins.ts'),
    runtime.follow(),
  ]);
  const { registry, client } = runtime;
  const { namespace } = config.bot;
  const startedAt = Date.now() - process.uptime() * 1000;
  const { commands: more = [], asker, troubles } = control ?? {};
  const about = { version, startedAt, inputs, ...(troubles === undefined ? {} : { troubles }) };
  return createCatalogue({
    directory,
    client,
    namespace,
    self: config.server.name ?? botName,
    builtins: (commands) => [
      // `watch …` before what `watch` alone answers.
      ...more,
      ...builtins({
        registry,
        client,
        directory,
        namespace,
        about,
        commands,
        ...(asker === undefined ? {} : { asker }),
      }),
    ],
    log,
  });
}
