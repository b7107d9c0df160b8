// gRPC's own library for Node: protobuf over HTTP/2.
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { HOST, hello } from '../echo.mjs';

const { Greeter } = grpc.loadPackageDefinition(loadSync(fileURLToPath(new URL('echo.proto', import.meta.url)))).greeter;

export function server() {
  const server = new grpc.Server();
  server.addService(Greeter.service, { Hello: (call, answer) => answer(null, hello(call.request)) });
  return new Promise((resolve, reject) => {
    server.bindAsync(`${HOST}:0`, grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

export async function client(port) {
  const greeter = new Greeter(`${HOST}:${port}`, grpc.credentials.createInsecure());
  return (name) =>
    new Promise((resolve, reject) => {
      greeter.Hello({ name }, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
}
