import { request as requestPlain } from 'node:http';
import { request } from 'node:https';

export interface PutOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Authorities, as PEM. Default: those of Node. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

/** The longest silence. */
const timeoutMs = 15_000;

/** Puts a file to an address, and follows nobody elsewhere. Rejects when that does not take it. */
export function put(url: URL, content: Buffer, { headers, ca, signal }: PutOptions): Promise<void> {
  const secure = url.protocol === 'https:';
  const options = {
    method: 'PUT',
    headers: { ...headers, 'content-length': content.length },
    signal,
    timeout: timeoutMs,
  };
  return new Promise((resolve, reject) => {
    const asked = secure
      ? request(url, { ...options, ...(ca === undefined ? {} : { ca }), agent: false })
      : requestPlain(url, { ...options, agent: false });
    asked.once('timeout', () => asked.destroy(new Error('the place of the file does not answer')));
    asked.on('error', reject);
    asked.once('response', (response) => {
      const { statusCode = 0 } = response;
      response.on('error', () => {});
      // What it says is of no interest; all of it has come, or the connection is over.
      response.destroy();
      if (statusCode >= 200 && statusCode < 300) resolve();
      else reject(new Error(`the place of the file answered ${statusCode}`));
    });
    asked.end(content);
  });
}
