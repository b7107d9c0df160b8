// gRPC's own library for Node: writes while it may, and waits for the drain.
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { HOST } from '../../rpc/echo.mjs';

const file = fileURLToPath(new URL('numbers.proto', import.meta.url));
const { Numbers } = grpc.loadPackageDefinition(loadSync(file)).numbers;

function count(call) {
  let n = call.request.from;
  const send = () => {
    while (!call.cancelled) if (!call.write({ n: n++ })) return;
  };
  call.on('drain', send);
  call.on('error', () => {});
  send();
}

export function server() {
  const server = new grpc.Server();
  server.addService(Numbers.service, { Count: count });
  return new Promise((resolve, reject) => {
    server.bindAsync(`${HOST}:0`, grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

export async function client(port) {
  const numbers = new Numbers(`${HOST}:${port}`, grpc.credentials.createInsecure());
  return async () => {
    const call = numbers.Count({ from: 1 });
    return {
      async *[Symbol.asyncIterator]() {
        yield* call;
      },
      async close() {
        call.on('error', () => {});
        call.cancel();
      },
    };
  };
}
