import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One question as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A proxy before an agent, until the test ends. */
export interface Front {
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  /** Answers in place of the agent, if it gives something. */
  answer: ((asked: Asked) => { readonly status: number; readonly body: string } | undefined) | undefined;
}

/** `prefix` stands before `/v1` and is taken off; `user` is `name:password`, without which nobody passes. */
export async function front(
  consul: { readonly port: number },
  { prefix = '', user }: { readonly prefix?: string; readonly user?: string } = {},
): Promise<Front> {
  const asked: Asked[] = [];
  const self: { answer: Front['answer'] } = { answer: undefined };

  const serve = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    let body = '';
    for await (const part of from.setEncoding('utf8')) body += String(part);
    const question: Asked = { method: from.method ?? '', path: from.url ?? '', headers: from.headers, body };
    asked.push(question);
    const own = self.answer?.(question) ?? refusal(question, prefix, user);
    if (own !== undefined) {
      to.writeHead(own.status).end(own.body);
      return;
    }
    const path = question.path.slice(prefix.length);
    const { method, headers } = question;
    const on = request({ host: '127.0.0.1', port: consul.port, method, path, headers: headers as never }, (answer) => {
      to.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(to);
    });
    on.on('error', () => to.destroy());
    to.on('close', () => on.destroy());
    on.end(body);
  };

  const server = createServer((from, to) => {
    serve(from, to).catch(() => to.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(self, { url: `http://127.0.0.1:${port}`, port, asked });
}

function refusal({ path, headers }: Asked, prefix: string, user: string | undefined) {
  const wanted = user === undefined ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
  if (wanted !== undefined && headers['authorization'] !== wanted) return { status: 401, body: 'who are you?' };
  return path.startsWith(`${prefix}/v1/`) ? undefined : { status: 404, body: 'not here' };
}
