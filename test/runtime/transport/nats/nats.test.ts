import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { natsTransport } from '../../../../src/runtime/transport/nats/nats.ts';
import type { Transport } from '../../../../src/runtime/transport/transport.ts';
import { transportContract } from '../../../contract/transport.ts';
import type { Nats } from '../../../support/nats.ts';
import { missingNats, startNats } from '../../../support/nats.ts';

const missing = missingNats();

describe.skipIf(missing !== undefined)(`through NATS${missing === undefined ? '' : `: ${missing}`}`, () => {
  let server: Nats | undefined;

  beforeAll(async () => {
    server = await startNats();
  });

  afterAll(() => server?.stop());

  /** The server's port is known only when it has started. */
  function lazily(): Transport {
    let made: Transport | undefined;
    const transport = (): Transport => (made ??= natsTransport({ servers: [server?.url ?? ''] }));
    return {
      name: 'nats',
      dial: (...args) => transport().dial(...args),
      listen: (...args) => transport().listen(...args),
    };
  }

  transportContract('nats', lazily, {
    address: ':0',
    noAddresses: ['', 'a b', 'a..b', '.a', 'a.', '*', 'a.>', 'a.*.b', 'a\tb', 'a\r\nPUB x', 'x'.repeat(1025)],
    hasPorts: false,
    missesAtOnce: false,
    holdsBack: false,
    // 1 MiB holds so much in base64.
    maxBodyBytes: 786_414,
    breakable(address) {
      onTestFinished(() => server?.restart());
      return Promise.resolve({ address, break: () => server?.kill() ?? Promise.resolve() });
    },
  });
});
