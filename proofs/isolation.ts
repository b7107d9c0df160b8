import { createBot } from 'micro-bot/bot';
import type { Command } from 'micro-bot/command';
import { commandSet } from 'micro-bot/commands';
import { memoryInput, type Reply } from 'micro-bot/input/memory';
import type { Proof } from './proof.ts';

const people = 100;
const messages = 1_000;

const command = (name: string, run: Command['run']): Command => ({
  name,
  usage: name,
  description: '',
  source: { kind: 'user' },
  run,
});

const commands = commandSet([
  // Ignores its signal, as careless code does.
  command('hang', () => new Promise(() => {})),
  command('throw', () => {
    throw new Error('thrown on purpose');
  }),
  command('ok', async ({ args }) => ({ kind: 'text', text: args.after(0) })),
]);

export const isolation: Proof = {
  name: 'isolation',
  what: `${people} people wait for commands that hang, ${people} for commands that throw; others send ${messages} messages meanwhile`,
  goal: `${messages} answered while all ${people} hang; the ${people} are told when the bot goes`,
  async run() {
    const input = memoryInput();
    const stop = new AbortController();
    const running = createBot({ inputs: [input], commands: () => commands, graceMs: 1 }).run(stop.signal);
    const say = (
      count: number,
      what: (index: number) => string,
      who: (index: number) => string,
    ): Promise<readonly Reply[]>[] =>
      Array.from({ length: count }, (_, index) => input.say(what(index), { sender: who(index) }));
    let over = 0;
    const hanging = say(
      people,
      () => 'hang',
      (index) => `hang ${index}`,
    ).map(async (replies) => {
      await replies;
      over += 1;
      return replies;
    });
    await Promise.all(
      say(
        people,
        () => 'throw',
        (index) => `throw ${index}`,
      ),
    );
    const replies = await Promise.all(
      say(
        messages,
        (index) => `ok ${index}`,
        (index) => `other ${index % 50}`,
      ),
    );
    const answered = replies.filter(
      ([reply], index) => reply?.document.kind === 'text' && reply.document.text === `${index}`,
    ).length;
    const stillHanging = people - over;
    stop.abort();
    await running;
    const told = (await Promise.all(hanging)).filter(([reply]) => reply?.kind === 'error').length;
    return {
      figure: `${answered} answered while ${stillHanging} hung; ${told} told`,
      met: answered === messages && stillHanging === people && told === people,
    };
  },
};
