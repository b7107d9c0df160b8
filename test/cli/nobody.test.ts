import type * as os from 'node:os';
import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { ping } from '../../src/commands/ping.ts';
import { readConfig } from '../../src/config/config.ts';

// Of the system, not of ours: to become a user without a name takes rights that a test run may not have.
vi.mock('node:os', async (original) => ({
  ...(await original<typeof os>()),
  userInfo: () => {
    throw new Error('uv_os_get_passwd returned ENOENT (no such file or directory)');
  },
}));

it('runs a command for a user that has a number only, as in a container', async () => {
  const stdout = new PassThrough();
  const users: string[] = [];
  const command = {
    ...ping,
    run: (invocation: Parameters<typeof ping.run>[0]): ReturnType<typeof ping.run> => {
      users.push(invocation.caller.user);
      return ping.run(invocation);
    },
  };
  const cli = {
    argv: [],
    env: {},
    stdout,
    stderr: new PassThrough(),
    version: () => '1',
    open: async () => ({ commands: [command], close: async () => {} }),
    bot: async () => 0,
  };
  const typed = { name: 'ping', words: [], given: new Map() };
  expect(await runCommand(cli, readConfig(new Map(), {}), typed)).toBe(0);
  expect(String(stdout.read())).toBe('pong\n');
  expect(users).toEqual([`uid-${process.getuid?.()}`]);
});
