// Receives from the Slack at argv[2], stops at the stage of argv[4], and must end by itself: nothing here calls exit.
import { setTimeout as sleep } from 'node:timers/promises';
import { socketSource } from '../../../../dist/src/inputs/slack/socket/socket.js';
import { silent } from '../../../../dist/src/log/log.js';

const [apiUrl, token, stage] = process.argv.slice(2);
const stop = new AbortController();
const asked = [];

const openUrl = async (signal) => {
  asked.push(stage);
  if (stage === 'waiting') throw new Error('down');
  const headers = { authorization: `Bearer ${token}`, connection: 'close' };
  const response = await fetch(`${apiUrl}apps.connections.open`, { method: 'POST', headers, signal });
  return (await response.json()).url;
};

const timing = { staggerMs: 60_000, helloMs: 60_000, minDelayMs: 60_000, maxDelayMs: 60_000, closeMs: 60_000 };
const source = socketSource({ appToken: token, openUrl, log: silent, timing: stage === 'refreshing' ? {} : timing });
const open = () => {
  if (stage === 'receiving') stop.abort();
  if (stage === 'refreshing') setTimeout(() => stop.abort(), 1_200);
};
const running = source.run(() => undefined, open, stop.signal);
const tries = { waiting: 2, greeting: 1 }[stage];
if (tries !== undefined) {
  while (asked.length < tries) await sleep(5);
  await sleep(100);
  stop.abort();
}
await running;
process.stdout.write('stopped\n');
