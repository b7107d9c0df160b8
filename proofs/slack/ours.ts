// Our bot in Slack, with the whole input, and in a second chat network of this process: ours.js SETTINGS. It leaves on SIGTERM.
import { sleep } from '../../src/async/sleep.ts';
import { createBot } from '../../src/bot/bot.ts';
import { builtins } from '../../src/commands/builtins.ts';
import { createCatalogue } from '../../src/commands/catalogue.ts';
import type { Command } from '../../src/commands/command.ts';
import { createDirectory } from '../../src/discovery/directory/follow.ts';
import { memoryRegistry } from '../../src/discovery/memory/memory.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import type { Input } from '../../src/inputs/input.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { slackInput } from '../../src/inputs/slack/slack.ts';
import type { Log, LogFields } from '../../src/log/log.ts';
import { newClient } from '../../src/runtime/client/micro.ts';
import { httpTransport } from '../../src/runtime/transport/http/http.ts';
import type { Order, Report, Settings } from './messages.ts';

const { apiUrl, token, appToken, sockets } = JSON.parse(process.argv[2] ?? '{}') as Settings;
const tell = (report: Report): void => void process.send?.(report);

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
// It leaves with the program that started it, however that one ends.
process.once('disconnect', () => process.exit(1));

const keep =
  (level: string) =>
  (message: string, { error, reason = error }: LogFields = {}): void =>
    tell({
      kind: 'line',
      text: [level, message, reason instanceof Error ? reason.message : JSON.stringify(reason)].join(' '),
    });
const log: Log = { debug() {}, info: keep('info'), warn: keep('warn'), error: keep('error') };

/** Tells its name, works as long as it is told to, and answers. */
const work: Command = {
  name: 'work',
  usage: 'work <name> [milliseconds]',
  description: 'Tells that it ran',
  source: { kind: 'user' },
  timeoutMs: 3_600_000,
  async run({ args, signal }) {
    const [name = '', ms = '0'] = args.words;
    tell({ kind: 'ran', name });
    if (ms !== '0') await sleep(Number(ms), signal);
    return { kind: 'text', text: `done ${name}` };
  },
};

const registry = memoryRegistry();
const directory = createDirectory(registry, { log });
const client = newClient({ transport: httpTransport(), lookup: (name) => directory.lookup(name) });
const slack: Input = slackInput({
  tokens: [token],
  appTokens: [appToken],
  signingSecrets: [],
  address: '127.0.0.1:0',
  sockets,
  apiUrl,
  debug: false,
  log,
});
const other = memoryInput();
const inputs: readonly Input[] = [slack, other];
const about = { version: '0', startedAt: Date.now(), inputs: () => inputs };
const catalogue = createCatalogue({
  directory,
  client,
  builtins: (commands) => [work, ...builtins({ registry, client, directory, about, commands })],
  log,
});
await directory.ready;
await catalogue.ready;

process.on('message', (order: Order) => void obey(order));

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case 'ask': {
      const replies = await other.say(order.text);
      const text = replies.map(({ document }) => renderTerminal(document)).join('\n');
      return tell({ kind: 'answer', id: order.id, text });
    }
    case 'memory': {
      for (let again = 0; again < 3; again += 1) globalThis.gc?.();
      const { heapUsed, rss } = process.memoryUsage();
      return tell({ kind: 'memory', id: order.id, heap: heapUsed, resident: rss });
    }
    default:
      order satisfies never;
  }
}

const running = createBot({ inputs, commands: () => catalogue.current, log }).run(stop.signal);
tell({ kind: 'ready' });
await running;
await catalogue.close();
await client.close();
await directory.close();
await registry.close();
process.disconnect();
