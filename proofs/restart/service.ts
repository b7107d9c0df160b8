// Works 20 ms on each call, and writes down beforehand which one it is: that stays when it is killed.
// service.js PROTOCOL ADDRESS FILE
import { openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { grpcServerProtocol } from '../../src/runtime/server/grpc/grpc.ts';
import { newServer } from '../../src/runtime/server/micro.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';

const [, , protocol = '', address = '', file = ''] = process.argv;
const ledger = openSync(file, 'a');
// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit(1));

const server = newServer({
  name: 'work',
  address,
  registry: memoryRegistry(),
  transport: httpTransport(),
  ...(protocol === 'grpc' ? { protocol: grpcServerProtocol() } : {}),
});
const work = async ({ id }: { readonly id: string }): Promise<object> => {
  writeSync(ledger, `${id}\n`);
  await wait(20);
  return { id };
};
server.handle({ name: 'Work', methods: { Do: unary(work) } });
await server.start();
process.send?.(server.address);
