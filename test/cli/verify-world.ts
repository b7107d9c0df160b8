import { PassThrough } from 'node:stream';
import { text as read } from 'node:stream/consumers';
import { runCli } from '../../src/cli/run.ts';
import { builtins } from '../../src/commands/builtins.ts';
import { createCatalogue } from '../../src/commands/catalogue.ts';
import { verify } from '../../src/commands/verify.ts';
import { whereabouts } from '../../src/commands/whereabouts.ts';
import type { Metadata } from '../../src/discovery/registry.ts';
import { openRehearsal } from '../../src/drivers/rehearsal.ts';
import { silent } from '../../src/log/log.ts';
import { conflict } from '../../src/runtime/errors.ts';
import { shape } from '../../src/runtime/schema.ts';
import { unary } from '../../src/runtime/server/server.ts';
import type { World } from '../commands/world.ts';

interface Text {
  readonly text?: string;
}

const request = shape('Request', { text: 'string' });

/** Serves endpoints that answer with their text, and keeps what they were asked. */
export async function serveDesk(
  world: World,
  name: string,
  endpoints: Readonly<Record<string, Metadata>>,
  version = '1.0.0',
): Promise<readonly string[]> {
  const asked: string[] = [];
  const handler = ({ text = '' }: Text): Text => {
    asked.push(text);
    if (text === 'trouble') throw conflict(name, 'there is trouble');
    return { text };
  };
  const methods = Object.entries(endpoints).map(
    ([method, metadata]) => [method, unary(handler, { request, metadata })] as const,
  );
  await world.serve(name, [{ name: 'Desk', methods: Object.fromEntries(methods) }], { version });
  return asked;
}

export interface Verified {
  readonly code: number;
  /** The cells of the table but its first row, the version and the time. */
  readonly rows: readonly (readonly string[])[];
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `micro verify` beside what serves in this world. */
export async function runVerify(world: World, ...argv: readonly string[]): Promise<Verified> {
  const { registry, client } = world;
  const directory = world.directory();
  const command = verify({
    rehearse: (signal) =>
      openRehearsal(
        {
          where: whereabouts(registry, directory),
          catalogue: async (control) =>
            createCatalogue({
              directory,
              client,
              builtins: (commands) => [...control.commands, ...builtins({ registry, client, directory, commands })],
            }),
          log: silent,
        },
        signal,
      ),
  });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli({
    argv: ['verify', ...argv],
    env: {},
    stdout,
    stderr,
    version: () => '1.2.3',
    open: async () => ({ commands: [command], close: async () => {} }),
    bot: () => Promise.reject(new Error('the bot was started')),
  });
  stdout.end();
  stderr.end();
  const [written, complaints] = [await read(stdout), await read(stderr)];
  const lines = written.split('\n\n')[0]?.trim().split('\n').slice(1) ?? [];
  return {
    code,
    rows: lines.map((line) => {
      const [service = '', , ...cells] = line.split('\t');
      return [service, ...cells.slice(0, 3)];
    }),
    stdout: written,
    stderr: complaints,
  };
}
