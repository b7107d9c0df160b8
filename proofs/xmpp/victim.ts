// Our bot with the whole XMPP input on a server that is an enemy: victim.js SETTINGS. Asked for anything it tells how it is. It leaves on
// SIGTERM, by having nothing left to do.
import { createBot } from '../../src/bot/bot.ts';
import { commandSet } from '../../src/commands/set.ts';
import { xmppInput } from '../../src/inputs/xmpp/xmpp.ts';
import type { Log } from '../../src/log/log.ts';
import { counting } from './counting.ts';
import type { Condition, VictimSettings } from './victim-messages.ts';

const { server, domain, accounts, room } = JSON.parse(process.argv[2] ?? '{}') as VictimSettings;
const most = 20;
const runs = new Map<string, number>();
const errors: string[] = [];
const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error(message, { error } = {}) {
    if (errors.length < most) errors.push(error instanceof Error ? `${message}: ${error.stack ?? ''}` : message);
  },
};

const input = xmppInput({
  accounts: Array.from({ length: accounts }, (_, index) => ({ jid: `bot${index}@${domain}`, password: 'secret' })),
  server,
  mode: 'plain',
  rooms: [room],
  log,
  // A login that asks the server for nothing: what it sends is what this is about.
  dialect: (jid) => ({ authorize: () => Promise.resolve({ kind: 'bound', jid: `${jid}/here` }) }),
});
const commands = commandSet([counting(runs)]);

const condition = (): Condition => {
  for (let again = 0; again < 3; again += 1) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  const count = (kind: string): number => resources.filter((each) => each === kind).length;
  const [sockets, timers] = [count('TCPSocketWrap'), count('Timeout')];
  return { heap: heapUsed, resident: rss, sockets, timers, runs: [...runs], errors };
};

process.on('message', () => process.send?.(condition()));
// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit(1));
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await createBot({ inputs: [input], commands: () => commands, log }).run(stop.signal);
process.removeAllListeners('disconnect');
process.removeAllListeners('message');
process.disconnect();
