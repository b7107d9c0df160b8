import { isIP } from 'node:net';
import type { Config } from '../config/config.ts';
import type { Log } from '../log/log.ts';
import type { Server } from '../runtime/server/server.ts';
import type { Runtime } from './connect.ts';

export const botName = 'go.micro.bot';

export interface BotServiceOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  /** Of the program. */
  readonly version: string;
  readonly log: Log;
}

/** The bot is a service like any other: it is listed, and answers `health` and `stats`. */
export async function newBotService({ config, runtime, version, log }: BotServiceOptions): Promise<Server> {
  const { newServer } = await import('../runtime/server/micro.ts');
  const { registry, transport, broker, codecs } = runtime;
  const { name = botName, version: given = version, id, advertise, address, driver: _, ...rest } = config.server;
  // Who finds us through one interface only shall reach us there.
  const where = config.registry.driver === 'mdns' ? (config.registry.addresses[0] ?? '') : '';
  return newServer({
    ...rest,
    address: address === ':0' && isIP(where) !== 0 ? `${where}:0` : address,
    name,
    // The registry may come later than who reads it.
    startsUnregistered: true,
    version: given,
    ...(id === undefined ? {} : { id }),
    ...(advertise === undefined ? {} : { advertise }),
    registry,
    transport,
    protocol: await runtime.serverProtocol(),
    broker,
    codecs,
    log,
  });
}
