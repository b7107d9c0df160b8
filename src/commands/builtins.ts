import type { Registry } from '../discovery/registry.ts';
import type { Client } from '../runtime/client/client.ts';
import { call } from './call.ts';
import type { Command } from './command.ts';
import { echo } from './echo.ts';
import { getService } from './get.ts';
import { health } from './health.ts';
import { hello } from './hello.ts';
import { help } from './help.ts';
import { threeLaws } from './laws.ts';
import { listServices } from './list.ts';
import { nounless } from './noun.ts';
import { ping } from './ping.ts';
import { publish } from './publish.ts';
import { deregisterService, registerService } from './register.ts';
import type { CommandSet } from './set.ts';
import { stats } from './stats.ts';
import { stream } from './stream.ts';
import { time } from './time.ts';

export interface BuiltinsDeps {
  readonly registry: Registry;
  readonly client: Client;
  /** The set that `help` tells about, at the moment it is asked. */
  readonly commands: () => CommandSet;
}

/** The commands that ship with the bot and with the command line. */
export function builtins(deps: BuiltinsDeps): readonly Command[] {
  const withNoun = [
    deregisterService(deps.registry),
    getService(deps.registry),
    listServices(deps.registry),
    registerService(deps.registry),
  ];
  return [
    call(deps),
    echo,
    health(deps),
    hello,
    help(deps.commands),
    ping,
    publish(deps),
    stats(deps),
    stream(deps),
    threeLaws,
    time,
    ...withNoun,
    ...withNoun.map(nounless),
  ];
}
