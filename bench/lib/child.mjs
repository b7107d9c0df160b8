import { fork } from 'node:child_process';

const KEEP_STDERR = 2_000;

/**
 * A process of ours that says `{ ready }` once and then answers each question with one message; `{ failed }` is an error.
 * A question that is not answered in time fails, and so does every question to a process that is gone.
 */
export async function startChild(script, args, { timeoutMs = 30_000 } = {}) {
  const child = fork(script, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let complaints = '';
  let waiting;
  let gone = false;
  child.stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-KEEP_STDERR);
  });
  const settle = (how, value) => {
    const current = waiting;
    waiting = undefined;
    clearTimeout(current?.timer);
    current?.[how](value);
  };
  const fail = (what) => settle('reject', new Error(`${what}${complaints === '' ? '' : `: ${complaints.trim()}`}`));
  child.on('message', (message) => {
    if (message.failed === undefined) settle('resolve', message);
    else fail(message.failed);
  });
  child.on('error', (error) => fail(error.message));
  const exited = new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      gone = true;
      fail(`the process ended (${signal ?? code})`);
      resolve();
    });
  });
  const next = (withinMs) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs);
      waiting = { resolve, reject, timer };
      if (gone) fail('the process is gone');
    });
  const stop = async () => {
    if (gone) return;
    child.kill('SIGTERM');
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
        if (!gone) child.send(question, (error) => error && fail(error.message));
        return answer;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
