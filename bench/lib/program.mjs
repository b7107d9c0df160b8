import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const KEEP_STDERR = 2_000;

/**
 * As `startChild`, for a program that is not ours: it says `{ ready }` and then one line of JSON for each line on its standard input,
 * and ends when that does.
 */
export async function startProgram(command, args, { timeoutMs = 30_000 } = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  let waiting;
  let gone = false;
  child.stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-KEEP_STDERR);
  });
  child.stdin.on('error', () => {});
  const settle = (how, value) => {
    const current = waiting;
    waiting = undefined;
    clearTimeout(current?.timer);
    current?.[how](value);
  };
  const fail = (what) => settle('reject', new Error(`${what}${complaints === '' ? '' : `: ${complaints.trim()}`}`));
  createInterface({ input: child.stdout }).on('line', (line) => {
    try {
      const message = JSON.parse(line);
      if (message.failed === undefined) settle('resolve', message);
      else fail(message.failed);
    } catch {
      complaints = `${complaints}${line}\n`.slice(-KEEP_STDERR);
    }
  });
  child.on('error', (error) => {
    gone = true;
    fail(error.message);
  });
  const exited = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      gone = true;
      fail(`the program ended (${signal ?? code})`);
      resolve();
    });
  });
  const next = (withinMs) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs);
      waiting = { resolve, reject, timer };
      if (gone) fail('the program is gone');
    });
  const stop = async () => {
    if (gone) return;
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 1_500);
    await exited;
    clearTimeout(timer);
  };
  try {
    const { ready } = await next(timeoutMs);
    return {
      ready,
      stop,
      ask(question, withinMs = timeoutMs) {
        const answer = next(withinMs);
        if (!gone) child.stdin.write(`${JSON.stringify(question)}\n`);
        return answer;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
