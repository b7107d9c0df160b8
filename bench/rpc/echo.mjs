/** The service every contestant serves. */
export const hello = (request) => ({ msg: `Hello ${request.name}` });

/** The headers a call has on the mucp wire; the contestants that speak HTTP send the same ones. */
export const HEADERS = {
  'content-type': 'application/json',
  'micro-service': 'greeter',
  'micro-method': 'Greeter.Hello',
  'micro-endpoint': 'Greeter.Hello',
  'micro-id': '1',
  timeout: '5000000000',
  'user-agent': 'bench',
};

export const HOST = '127.0.0.1';

/** Resolves to the port, a free one, once the `net.Server` listens on loopback. */
export const listen = (server) =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => resolve(server.address().port));
  });
