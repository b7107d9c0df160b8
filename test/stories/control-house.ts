import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { withResolvers } from '../../src/async/queue.ts';
import { osUserName } from '../../src/cli/user.ts';
import { shape } from '../../src/runtime/schema.ts';
import { type Handler, unary } from '../../src/runtime/server/server.ts';
import { type ConsoleBot, startConsoleBot } from '../support/console-bot.ts';
import type { Env } from '../support/micro.ts';
import { unique } from '../support/name.ts';
import { serve } from '../support/serve.ts';

interface Order {
  readonly service?: string;
  readonly env?: string;
  readonly token?: string;
}

/** Somebody who waits for an answer of `hold`. */
interface Held {
  readonly service: string;
  readonly finish: () => void;
}

/** A service whose commands have all kinds of conditions, with what it did. */
export interface Operations {
  /** `deploy billing prod`, in order. */
  readonly ran: readonly string[];
  readonly held: readonly Held[];
}

const request = shape('Order', { service: 'string', env: 'string', token: 'string' });
const fields = {
  service: { required: true },
  env: { enum: ['staging', 'prod'], required: true },
  token: { positional: false, secret: true },
};
const parameters = JSON.stringify(fields);
const one = JSON.stringify({ ...fields, env: { default: 'prod' } });

/** On mDNS, on the loopback interface, until the test ends. */
export async function serveOperations(domain: string): Promise<Operations> {
  const ran: string[] = [];
  const held: Held[] = [];
  const doing = (what: string) => (order: Order) => {
    ran.push([what, order.service, order.env].join(' '));
    return { msg: `${what} ${order.service} ${order.env} is done` };
  };
  const handler: Handler = {
    name: 'Operations',
    methods: {
      Deploy: unary(doing('deploy'), { request, metadata: { command: 'deploy', parameters, scopes: 'release' } }),
      Wipe: unary(doing('wipe'), {
        request,
        metadata: { command: 'wipe', parameters: one, scopes: 'release', confirm: 'true' },
      }),
      Promote: unary(doing('promote'), {
        request,
        metadata: { command: 'promote', parameters: one, scopes: 'release', approvals: '1' },
      }),
      Report: unary(doing('report'), { request, metadata: { command: 'report', parameters: one, effect: 'read' } }),
      Rotate: unary(
        ({ service = '', token = '' }: Order) => {
          ran.push(`rotate ${service}`);
          if (service === 'broken') throw new Error(`${token} is no token`);
          return { service, token, said: `the token is ${token}`, made: `made-${token}` };
        },
        { request, metadata: { command: 'rotate', parameters: one, secret: 'made' } },
      ),
      Hold: unary(
        async ({ service = '' }: Order) => {
          const { promise, resolve } = withResolvers<void>();
          ran.push(`hold ${service}`);
          held.push({ service, finish: () => resolve() });
          await promise;
          return { msg: `${service} was let go` };
        },
        { request, metadata: { command: 'hold', parameters: one, lock: 'service', timeout: '1m' } },
      ),
    },
  };
  await serve({ domain, name: 'go.micro.srv.operations', handlers: [handler] });
  onTestFinished(() => {
    for (const { finish } of held) finish();
  });
  return { ran, held };
}

/** Who sits at the console of these tests. */
export const me: string = osUserName();

/** A place where a bot has its access file and its state, which outlive it. */
export interface House {
  readonly domain: string;
  readonly env: Env;
  readonly audit: string;
  /** Writes the access file anew. */
  readonly rule: (access: string) => Promise<void>;
  /** `micro bot --inputs=console` in it. */
  readonly start: (env?: Env) => Promise<ConsoleBot>;
  /** All that the bot keeps, as one text. */
  readonly kept: () => Promise<string>;
}

/** With the bot that was there before gone. */
export async function openHouse(access = ''): Promise<House> {
  const directory = await mkdtemp(join(tmpdir(), 'micro-house-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const state = join(directory, 'state');
  const file = join(directory, 'access.yaml');
  const domain = unique('house');
  const env = { MICRO_BOT_STATE: state, MICRO_BOT_ACCESS: file, MICRO_BOT_DEFAULT_CHANGE: 'deny' };
  const rule = (text: string): Promise<void> => writeFile(file, text);
  await rule(access);
  return {
    domain,
    env,
    audit: join(state, 'audit.ndjson'),
    rule,
    start: (more = {}) => startConsoleBot({ domain, env: { ...env, ...more } }),
    async kept() {
      const entries = await readdir(state, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')))).join(
        '\n',
      );
    },
  };
}

/** Ends it as a power cut would. */
export async function kill(bot: ConsoleBot): Promise<void> {
  bot.process.kill('SIGKILL');
  await bot.finished;
}

export const codeIn = (shown: string): string => /\b[0-9A-Z]{4}-[0-9A-Z]{2}\b/.exec(shown)?.[0] ?? '';
