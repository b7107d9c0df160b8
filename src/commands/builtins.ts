import type { Directory } from '../discovery/directory.ts';
import type { Registry } from '../discovery/registry.ts';
import type { Client } from '../runtime/client/client.ts';
import { asPlanned } from './as-planned.ts';
import { call } from './call.ts';
import { planCall } from './call-plan.ts';
import type { Command } from './command.ts';
import { echo } from './echo.ts';
import { exit } from './exit.ts';
import { getService } from './get.ts';
import { health } from './health.ts';
import { hello } from './hello.ts';
import { help } from './help.ts';
import type { Asker } from './help-view.ts';
import { threeLaws } from './laws.ts';
import { listNodes, listServices } from './list.ts';
import { nounless } from './noun.ts';
import { ping } from './ping.ts';
import { publish } from './publish.ts';
import { deregisterService, registerService } from './register.ts';
import type { CommandSet } from './set.ts';
import { stats } from './stats.ts';
import { type About, status } from './status.ts';
import { stream } from './stream.ts';
import { time } from './time.ts';
import { watchServices } from './watch.ts';
import { whereabouts } from './whereabouts.ts';

export interface BuiltinsDeps {
  readonly registry: Registry;
  readonly client: Client;
  /** The set that `help` tells about, at the moment it is asked. */
  readonly commands: () => CommandSet;
  /** Answers what is asked about services. Without it the registry is asked each time. */
  readonly directory?: Directory;
  /** Without a directory: begins to follow the registry for a command that needs it, which closes what it was given. */
  readonly follow?: () => Promise<Directory>;
  /** Services whose names begin with it are commands. Default `go.micro.bot`. */
  readonly namespace?: string;
  /** What `help` is to know of who asks. */
  readonly asker?: Asker;
  /** What `status` tells of the bot. */
  readonly about?: About;
}

/** The commands that ship with the bot and with the command line. `watch services` needs `directory` or `follow`, and is left out without. */
export function builtins(deps: BuiltinsDeps): readonly Command[] {
  const { registry, client, directory, follow } = deps;
  const where = whereabouts(registry, directory);
  const planned = asPlanned();
  const calling = { where, client, planned, plan: planCall({ where, planned, namespace: deps.namespace }) };
  const withNoun = [
    deregisterService(registry),
    getService(where),
    listServices(where),
    listNodes(where),
    registerService(registry),
    ...watchServices({ where, directory, follow }),
  ];
  return [
    call(calling),
    echo,
    exit,
    health({ where, client }),
    hello,
    help(deps.commands, deps.asker),
    ping,
    publish(deps),
    stats({ where, client }),
    status(deps),
    stream(calling),
    threeLaws,
    time,
    ...withNoun,
    ...nounless(withNoun),
  ];
}
