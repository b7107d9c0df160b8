import { spawn } from 'node:child_process';

const path = [process.env.PATH, '/usr/sbin', '/usr/local/bin'].join(':');

/** A NATS server of its own on a free loopback port. Rejects when it is not installed. */
export function startNats({ timeoutMs = 10_000 } = {}) {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', '-1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: path },
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  const ready = new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => reject(new Error('nats-server did not come up')), timeoutMs);
    child.once('error', () => reject(new Error('nats-server is not installed (Debian package nats-server)')));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      log = (log + text).slice(-10_000);
      const port = /client connections on 127\.0\.0\.1:(\d+)[^]*Server is ready/.exec(log)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve({ url: `127.0.0.1:${port}`, stop });
    });
  });
  return ready.catch(async (error) => {
    child.kill('SIGKILL');
    throw error;
  });
}
