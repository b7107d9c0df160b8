import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { newClient } from 'micro-bot/client/micro';
import { MicroError } from 'micro-bot/errors';
import { mdnsRegistry } from 'micro-bot/registry/mdns';
import { httpTransport } from 'micro-bot/transport/http';
import type { Proof } from './proof.ts';

const callers = 50;
const before = 1_000;

/** Whether the call never reached a handler: then its caller knows where it stands. A connection that broke without an answer is none of these. */
const refused = (detail: string): boolean => /server is stopping|^connection error|: not found$/.test(detail);

export const shutdown: Proof = {
  name: 'shutdown under load',
  what: `a service gets SIGTERM after ${before} calls of ${callers} callers, each call taking 20 ms`,
  goal: 'every accepted call is answered (0 lost), the registry is clean, exit 0',
  async run() {
    const domain = `proof-${randomUUID().slice(0, 8)}`;
    const service = fork(fileURLToPath(new URL('slow-service.js', import.meta.url)), [domain]);
    const registry = mdnsRegistry({ interface: '127.0.0.1', domain });
    const client = newClient({ registry, transport: httpTransport(), defaults: { retries: 0, timeoutMs: 10_000 } });
    const count = { answered: 0, refused: 0, lost: 0 };
    try {
      await once(service, 'message');
      const loop = async (): Promise<void> => {
        while (count.refused < callers && count.lost < callers) {
          await client.call({ service: 'slow', endpoint: 'Slow.Work', body: {} }).then(
            () => {
              count.answered += 1;
              if (count.answered === before) service.kill('SIGTERM');
            },
            (error: unknown) => {
              count[error instanceof MicroError && refused(error.detail) ? 'refused' : 'lost'] += 1;
            },
          );
        }
      };
      const exit = exitOf(service);
      await Promise.all(Array.from({ length: callers }, loop));
      const code = await exit;
      const left = (await registry.getService('slow')).length;
      return {
        figure: `${count.answered} answered, ${count.refused} refused, ${count.lost} lost; ${left} left in the registry, exit ${code}`,
        met: count.lost === 0 && left === 0 && code === '0',
      };
    } finally {
      service.kill('SIGKILL');
      await client.close();
      await registry.close();
    }
  },
};

const exitOf = async (child: ChildProcess): Promise<string> => String(((await once(child, 'exit')) as [unknown])[0]);
