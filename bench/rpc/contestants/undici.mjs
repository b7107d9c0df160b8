// The reference: node:http serves, undici's Pool.request calls, JSON both ways.
import http from 'node:http';
import { Pool } from 'undici';
import { HEADERS, HOST, hello, listen } from '../echo.mjs';

export function server() {
  const server = http.createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = JSON.stringify(hello(JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))));
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        'micro-id': request.headers['micro-id'],
      });
      response.end(text);
    });
  });
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  return listen(server);
}

export async function client(port, { maxConcurrency }) {
  const pool = new Pool(`http://${HOST}:${port}`, {
    connections: maxConcurrency,
    pipelining: 1,
    keepAliveTimeout: 600_000,
  });
  return async (name) => {
    const { body } = await pool.request({
      method: 'POST',
      path: '/',
      headers: HEADERS,
      body: JSON.stringify({ name }),
    });
    return body.json();
  };
}
