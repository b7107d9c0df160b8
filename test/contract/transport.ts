import { describe } from 'vitest';
import type { Transport } from '../../src/runtime/transport/transport.ts';
import { addresses } from './transport/addresses.ts';
import { endings } from './transport/endings.ts';
import { messages } from './transport/messages.ts';
import { pauses } from './transport/pauses.ts';
import type { Abilities } from './transport/world.ts';
import { createWorld } from './transport/world.ts';

/** What a transport over TCP can do. */
const usual: Abilities = {
  address: '127.0.0.1:0',
  noAddresses: ['', 'host', 'host:', 'host:x', '1:2:3', 'host:65536', 'host:0', 'host:1-2'],
  hasPorts: true,
  missesAtOnce: true,
  holdsBack: true,
  maxBodyBytes: 64 * 1024 * 1024,
};

/** What every transport promises. `abilities` tells where it differs from one over TCP. */
export function transportContract(name: string, create: () => Transport, abilities: Partial<Abilities> = {}): void {
  describe(`transport ${name}`, () => {
    const world = createWorld(create(), { ...usual, ...abilities });
    messages(world);
    pauses(world);
    endings(world);
    addresses(world);
  });
}
