import { afterEach, beforeEach, expect, test } from 'vitest';
import { typedLine } from '../../src/bot/line.ts';
import { CommandError } from '../../src/commands/command.ts';
import { shape } from '../../src/runtime/schema.ts';
import { unary } from '../../src/runtime/server/server.ts';
import { newWorld, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = newWorld();
});
afterEach(() => world.close());

const request = shape('Request', { service: 'string', env: 'string', token: 'string' });

/** What a line says of its secrets: those of its plan, or of the failure to make one. */
async function secretsOf(typed: string, isSecret = true): Promise<readonly string[]> {
  const parameters = JSON.stringify({
    service: { required: true },
    env: { enum: ['prod'], default: 'prod' },
    token: { positional: false, secret: isSecret },
  });
  const handler = {
    name: 'O',
    methods: { R: unary(() => ({}), { request, metadata: { command: 'rotate', parameters } }) },
  };
  await world.serve('operations', [handler]);
  const { current } = await world.catalogue();
  const line = typedLine(typed);
  const found = current.find(line.head(current.longest));
  const caller = { input: 'slack', room: 'C1', user: 'U1' };
  try {
    return (await found?.command.plan?.({ args: line.rest(found.words), options: {}, caller }))?.secrets ?? ['no plan'];
  } catch (error) {
    if (error instanceof CommandError) return error.secrets;
    throw error;
  }
}

test.each([
  ['rotate billing --token sesame', ['sesame', 'sesame']],
  // What is missing is told apart from what is not understood.
  ['rotate --token=sesame', ['sesame', 'sesame']],
  ['rotate billing nowhere --token sesame', ['billing', 'nowhere', 'sesame']],
  ['rotate billing --tokn=sesame', ['billing', 'sesame']],
  ['rotate billing prod staging token=sesame', ['billing', 'prod', 'staging', 'sesame']],
  ['rotate {"service": "billing", "token": "se\\"same", "more": 1}', expect.arrayContaining(['se"same', 'se\\"same'])],
  ['rotate {"service": "billing", "token": "sesame', expect.arrayContaining(['sesame'])],
])('%s may hold %j', async (line, secrets) => {
  expect(await secretsOf(line)).toEqual(secrets);
});

test('where nothing is secret nothing is hidden', async () => {
  expect(await secretsOf('rotate billing nowhere --token sesame', false)).toEqual([]);
});
