import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PUTS_A_REQUEST = 100;
const KEEP_STDERR = 2_000;

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const base64 = (text) => Buffer.from(text).toString('base64');

/** An etcd of its own on free loopback ports, which writes to a disk as any other. Rejects when it is not installed. */
export async function startEtcd({ timeoutMs = 20_000 } = {}) {
  const [client, peer] = [await freePort(), await freePort()];
  const folder = await mkdtemp(path.join(tmpdir(), 'micro-bench-etcd-'));
  const [url, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  const flags = {
    name: 'bench',
    'data-dir': folder,
    'log-level': 'error',
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `bench=${peerUrl}`,
  };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const child = spawn('etcd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-KEEP_STDERR);
  });
  let failed;
  child.once('error', () => {
    failed = new Error('etcd is not installed (Debian package etcd-server)');
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  void gone.then(() => {
    failed ??= new Error(`etcd ended: ${complaints}`);
  });
  const leave = () => child.kill('SIGKILL');
  process.once('exit', leave);
  const stop = async () => {
    child.kill('SIGKILL');
    await gone;
    process.off('exit', leave);
    await rm(folder, { recursive: true, force: true });
  };
  const post = async (what, body) => {
    const answer = await fetch(`${url}/v3/kv/${what}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd refused ${what}: ${await answer.text()}`);
    return answer.json();
  };
  const endsAt = performance.now() + timeoutMs;
  while (failed === undefined && !(await post('range', { key: base64('x') }).then(Boolean, () => false))) {
    if (performance.now() > endsAt) failed = new Error('etcd did not come up');
    await sleep(20);
  }
  if (failed !== undefined) {
    await stop();
    throw failed;
  }
  return {
    address: `127.0.0.1:${client}`,
    url,
    stop,
    /** `[key, value]` pairs. */
    async fill(pairs) {
      const puts = pairs.map(([key, value]) => ({ requestPut: { key: base64(key), value: base64(value) } }));
      for (let at = 0; at < puts.length; at += PUTS_A_REQUEST) {
        await post('txn', { success: puts.slice(at, at + PUTS_A_REQUEST) });
      }
    },
  };
}

/** Puts and takes away single keys, as somebody else's process would: `url` is that of `startEtcd`. */
export const keys = (url) => {
  const post = async (what, body) => {
    const answer = await fetch(`${url}/v3/kv/${what}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd refused ${what}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  return {
    put: (key, value) => post('put', { key: base64(key), value: base64(value) }),
    remove: (key) => post('deleterange', { key: base64(key) }),
  };
};
