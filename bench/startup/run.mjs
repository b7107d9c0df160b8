import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { residentMb } from '../lib/memory.mjs';
import { bin } from '../lib/product.mjs';

const TIMEOUT_MS = 15_000;
const ANSWER = /^pong\b/im;

export const CONTESTANTS = ["node -e ''", 'micro --help', 'bot on the console'];

const MEASURES = { "node -e ''": bareNode, 'micro --help': help, 'bot on the console': bot };

/** Everybody starts once a round, in turn. The first round only fills the caches of the file system and is not counted. */
export async function runStartup({ rounds }, say) {
  const slices = [];
  const failed = {};
  say(`startup: ${rounds} rounds`);
  for (let round = -1; round < rounds; round++) {
    for (const name of CONTESTANTS) {
      if (failed[name] !== undefined) continue;
      try {
        const measured = await MEASURES[name]();
        if (round >= 0) slices.push({ name, round, ...measured });
      } catch (error) {
        failed[name] = error.message;
      }
    }
  }
  return { slices: slices.filter(({ name }) => failed[name] === undefined), failed };
}

function bareNode() {
  return toExit(['-e', ''], /^$/);
}

function help() {
  return toExit([bin, '--help'], /USAGE/i);
}

async function toExit(args, expected) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  const ms = performance.now() - startedAt;
  if (code !== 0) throw new Error(`ended with ${signal ?? code}`);
  if (!expected.test(output)) throw new Error('printed something else than expected');
  return { ms };
}

/** From the start of the process to the answer to a line that was waiting on its standard input; memory is read then. */
async function bot() {
  const state = mkdtempSync(path.join(tmpdir(), 'bench-state-'));
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('MICRO_'));
  const env = {
    ...Object.fromEntries(others),
    MICRO_REGISTRY: 'mdns',
    MICRO_REGISTRY_ADDRESS: '127.0.0.1',
    MICRO_MDNS_DOMAIN: `bench-${randomUUID().slice(0, 8)}`,
    MICRO_SERVER_ADDRESS: '127.0.0.1:0',
    XDG_STATE_HOME: state,
  };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [bin, 'bot', '--inputs=console'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  try {
    child.stdin.on('error', () => {});
    child.stdin.write('ping\n');
    await answered(child);
    const measured = { ms: performance.now() - startedAt, residentMb: residentMb(child.pid) };
    child.stdin.end();
    const [code, signal] = await exited;
    if (code !== 0) throw new Error(`did not leave in order at the end of its input (${signal ?? code})`);
    return measured;
  } finally {
    child.kill('SIGKILL');
    clearTimeout(timer);
    rmSync(state, { recursive: true, force: true });
  }
}

function answered(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (ANSWER.test(output)) resolve();
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaints = (complaints + text).slice(-2_000);
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`ended with ${signal ?? code} and no answer: ${complaints.trim()}`)),
    );
  });
}
