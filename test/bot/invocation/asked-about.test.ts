import { expect, it } from 'vitest';
import { shape } from '../../../src/runtime/schema.ts';
import { newServer } from '../../../src/runtime/server/micro.ts';
import { unary } from '../../../src/runtime/server/server.ts';
import { type TestBot, testBot } from '../../../src/testing/bot.ts';
import { until } from '../../support/until.ts';

const request = shape('Order', { service: 'string', token: 'string' });

/** Two commands with a secret: one has it by name alone, one as its second word. */
async function house(): Promise<TestBot> {
  const serving = (name: string, isPositional: boolean): NonNullable<Parameters<typeof testBot>[0]>['services'] => [
    (network) => {
      const server = newServer({ ...network, name: `${name}-service` });
      const parameters = JSON.stringify({ service: {}, token: { positional: isPositional, secret: true } });
      const rotate = unary(({ token = '' }: { readonly token?: string }) => ({ text: `it is ${token}` }), {
        request,
        metadata: { command: name, parameters, effect: 'read' },
      });
      server.handle({ name: 'It', methods: { Rotate: rotate } });
      return { start: () => server.start(), stop: () => server.stop() };
    },
  ];
  const bot = await testBot({ services: [...(serving('rotate', false) ?? []), ...(serving('unlock', true) ?? [])] });
  await until(async () => /rotate[^]*unlock/.test((await bot.say('help')).text));
  return bot;
}

/** All that is kept and shown of what was said. */
async function traces(bot: TestBot): Promise<string> {
  const shown: string[] = [];
  for (const line of ['history', 'jobs', 'aliases', 'schedules']) shown.push((await bot.say(line)).text);
  return [JSON.stringify(await bot.audit()), ...shown].join('\n');
}

it('what follows a command is as secret where it is asked about as where it is run', async () => {
  await using bot = await house();
  for (const [line, told] of [
    ['help rotate --token hunter22', /^rotate \[service\]/],
    ['help --all rotate --token=hunter22', /^rotate \[service\]/],
    ['help "rotate" token=hunter22', /^rotate \[service\]/],
    ['help unlock a hunter22', /no command unlock a \[secret\], did you mean unlock\?/],
    ['help `rotate --token hunter22`', /no command rotate --token \[secret\]/],
    ['help help rotate --token hunter22', /no command help rotate --token \[secret\]/],
    ['help who can rotate --token hunter22', /\[secret\]/],
    ['help alias x rotate --token hunter22', /\[secret\]/],
    ['help in 5m rotate --token hunter22', /\[secret\]/],
    ['help call rotate-service It.Rotate {"token":"hunter22"}', /\[secret\]/],
    ['help search unlock a hunter22', /unlock/],
    ["why can't I rotate --token hunter22", /^yes/],
    ['who can rotate token=hunter22', /You may/],
    ['who can unlock a hunter22 one too many', /You may/],
    ['who can rotate --token hunter22 | grep You', /You may/],
    ['can i call rotate-service It.Rotate {"token":"hunter22"}', /^yes/],
    ['rotate a --token hunter22 --plan', /\[secret\]/],
    ['rotate --token --plan hunter22', /rotate|value|service/],
  ] as const) {
    const { text } = await bot.say(line);
    expect(text, line).toMatch(told);
    expect(text, line).not.toContain('hunter22');
    expect(await traces(bot), line).not.toContain('hunter22');
  }
  expect(await bot.audit()).toContainEqual(expect.objectContaining({ line: 'help rotate --token "[secret]"' }));
});

it('of what nobody answers to, and of what cannot be read, nothing is kept', async () => {
  await using bot = await house();
  for (const [line, told] of [
    ['help rotte --token hunter22', 'no command rotte, did you mean rotate?'],
    ['help rotte token=hunter22', 'no command rotte, did you mean rotate?'],
    ['can i rotte --token hunter22', 'there is no command "rotte"'],
    ['who can rotate --token "hunter22', 'is never closed'],
    ['help rotate --token "hunter22', 'is never closed'],
    ['who can rotate | nothing hunter22', 'nothing'],
    ['in 5m rotte --token hunter22', 'there is no command "rotte"'],
    ['every 5m rotate --token "hunter22', 'is never closed'],
    ['watch rotte --token hunter22 for 1m', 'there is no command "rotte"'],
    ['alias b rotate --token "hunter22', 'is never closed'],
    ['alias a rotte hunter22', 'nobody answers to rotte at the moment, so nobody can tell'],
    ['alias a rotte --token=hunter22', 'nobody answers to rotte at the moment, so nobody can tell'],
  ] as const) {
    const { text, outcome } = await bot.say(line);
    expect([outcome, text], line).toEqual(['failed', expect.stringContaining(told)]);
    expect(text, line).not.toContain('hunter22');
  }
  // But for how the house was waited for.
  expect(
    (await bot.audit()).flatMap((each) => (each.kind === 'started' && each.line !== 'help' ? [each.line] : [])),
  ).toEqual([]);
  expect(await traces(bot)).not.toContain('hunter22');
});

it('what would be kept for a service that is away leaves room for what may be secret', async () => {
  await using bot = await house();
  for (const [line, told] of [
    ['alias d call nowhere It.X {"pin":"hunter22"}', 'a secret in this line, or what may be one'],
    ['in 5m call nowhere It.X {"pin":"hunter22"}', 'so nobody can tell what of the line is secret'],
    ['can i call nowhere It.X {"pin":"hunter22"}', 'yes'],
  ] as const) {
    expect((await bot.say(line)).text, line).toContain(told);
  }
  expect(await traces(bot)).not.toContain('hunter22');
  expect((await bot.say('alias d call nowhere It.X {"pin":"$1"}')).outcome).toBe('done');
  expect((await bot.say('alias e rotte $1 --token $2 --force')).text).toContain('Nobody answers to rotte');
});
