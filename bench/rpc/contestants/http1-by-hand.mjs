// No product: the least that HTTP/1.1 over net needs when bodies have a length. It shows how much room the protocol leaves.
import net from 'node:net';
import { HEADERS, HOST, hello, listen } from '../echo.mjs';

const END_OF_HEAD = '\r\n\r\n';

function parseHead(text) {
  const headers = new Map();
  for (const line of text.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

/** Cuts what a socket receives into messages. */
function reader(onMessage) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf(END_OF_HEAD);
      if (end < 0) return;
      const headers = parseHead(rest.latin1Slice(0, end));
      const from = end + END_OF_HEAD.length;
      const to = from + Number(headers.get('content-length'));
      if (rest.length < to) return;
      const body = rest.utf8Slice(from, to);
      rest = rest.subarray(to);
      onMessage(headers, body);
    }
  };
}

export const server = () =>
  listen(
    net.createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.on(
        'data',
        reader((headers, body) => {
          const text = JSON.stringify(hello(JSON.parse(body)));
          socket.write(
            `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nmicro-id: ${headers.get('micro-id')}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
          );
        }),
      );
    }),
  );

export async function client(port) {
  const lines = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST / HTTP/1.1\r\nhost: ${HOST}:${port}\r\n${lines.join('')}content-length: `;
  const idle = [];
  const open = () =>
    new Promise((resolve, reject) => {
      const connection = { socket: net.connect({ host: HOST, port, noDelay: true }), answer: undefined };
      const { socket } = connection;
      socket.once('connect', () => resolve(connection));
      socket.once('error', reject);
      socket.on(
        'data',
        reader((_headers, body) => {
          idle.push(connection);
          connection.answer(JSON.parse(body));
        }),
      );
    });
  return async (name) => {
    const connection = idle.pop() ?? (await open());
    const text = JSON.stringify({ name });
    return new Promise((resolve) => {
      connection.answer = resolve;
      connection.socket.write(`${head}${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
  };
}
