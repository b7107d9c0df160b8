import { expect } from 'vitest';
import { mandatory, type Release, startGo } from '../../support/go.ts';
import { type Micro, startMicro } from '../../support/micro.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';
import type { Scope } from '../matrix/scope.ts';
import type { Place } from './place.ts';

/** What a node says of itself: v6 serves no Debug of itself. */
const health = (release: Release): string => (release === 'v6' ? 'unknown' : 'ok');

/** A bot as it is installed shows a Go service of this registry, asks it, and calls it. */
export async function botAndService(say: Say, release: Release, place: Place, scope: Scope): Promise<void> {
  const service = await startGo(release, 'greeter', unique('go.micro.srv.greeter'), place.goFlags);
  scope.defer(() => service.kill());
  const { name, node, address } = service;
  await until(async () => (await say('list services')).split('\n').includes(name));
  const shown = await until(async () => {
    const text = await say(`get service ${name}`);
    return text.includes(node) ? text : undefined;
  });
  expect(shown).toContain(`service  ${name}\n\nversion 1.0.0\n`);
  expect(shown).toContain('Endpoint: Say.Hello');
  expect(await say(`health ${name}`)).toContain(`${node}\t\t${address}\t\t${health(release)}\n`);
  expect(await say(`call ${name} Say.Hello {"name": "Ann"}`)).toBe('{\n\t"msg": "Hello Ann"\n}\n');
}

/** It takes up a command that Go serves, keeps it when one of its nodes is killed, and forgets it with the last one. */
export async function botAndCommand(say: Say, release: Release, place: Place, scope: Scope): Promise<void> {
  const word = unique('animate');
  const serve = async () => {
    const service = await startGo(release, 'command', `go.micro.bot.${word}`, place.goFlags);
    scope.defer(() => service.kill());
    return service;
  };
  const [doomed, survivor] = [await serve(), await serve()];
  await until(async () => (await say(`${word} a 'b c' é`)) === `${word} a b c é\n`);
  const nodes = () => say(`get service go.micro.bot.${word}`);
  await until(async () => (await nodes()).includes(survivor.node));
  await doomed.kill();
  // At NATS it asks who is still there every five seconds, and a second time whom it misses.
  await until(async () => !(await nodes()).includes(doomed.node));
  expect(await say('help')).toContain(`${word} [words] - Joins words in Go`);
  expect(await say(`${word} x`)).toBe(`${word} x\n`);
  await survivor.stop();
  await until(async () => (await say(`${word} x`)).includes('unknown command'));
  expect(await say('help')).not.toContain(word);
}

/** Releases with the message types of commands. */
export const withCommands: readonly Release[] = mandatory;

/** Says a line to a bot and returns what it answers. */
export type Say = (line: string) => Promise<string>;

/** Resolves when it is ready. It may be spoken to by many: each line waits for its turn. */
export async function startBot(place: Place, scope: Scope): Promise<Say> {
  const server = [`--server_name=${unique('bot')}`, '--server_address=127.0.0.1:0'];
  const bot: Micro = startMicro(['bot', '--inputs=console', ...place.microFlags, ...server]);
  scope.defer(async () => {
    bot.process.kill('SIGKILL');
    await bot.finished;
  });
  await until(() => bot.stderr().includes('"ready"'), 30_000);
  let turn: Promise<unknown> = Promise.resolve();
  const answer = async (line: string): Promise<string> => {
    const start = bot.stdout().length;
    // Lines are answered one after the other.
    const mark = unique('mark');
    bot.process.stdin.write(`${line}\necho ${mark}\n`);
    await until(() => bot.stdout().endsWith(`${mark}\n`));
    return bot.stdout().slice(start, -(mark.length + 1));
  };
  return (line) => {
    const answered = turn.then(() => answer(line));
    turn = answered.catch(() => {});
    return answered;
  };
}
