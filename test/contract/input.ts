import { describe, expect, it } from 'vitest';
import { text } from '../../src/document/document.ts';
import type { Input, Message, Place } from '../../src/inputs/input.ts';
import { until } from '../support/until.ts';

/** An input and the other side of it: what a person would do and see. */
export interface InputUnderTest {
  readonly input: Input;
  /** Somebody types one line that is meant for the bot. */
  readonly type: (text: string) => void;
  /** Everything the bot has said so far, as people see it. */
  readonly shown: () => string;
  /** The network has no more to say. Absent where that never happens: such an input is read until everything came that was typed. */
  readonly end?: () => void;
  /** Places that nobody could name. Absent where there is one place, whatever it is called. */
  readonly nowhere?: readonly Place[];
}

/** What the bot relies on, for every input. */
export function inputContract(name: string, make: () => InputUnderTest | Promise<InputUnderTest>): void {
  describe(`${name} keeps the contract of an input`, () => {
    it('yields what people type, in order, each with an id of its own, a sender and a room', async () => {
      const { input, type, end } = await make();
      type('list services');
      type('call greeter Say.Hello {"name":  "Jöhn 🌍"}');
      type('list services');
      end?.();
      const messages = await listen(input, 3);
      expect(messages.map((message) => message.text)).toEqual([
        'list services',
        'call greeter Say.Hello {"name":  "Jöhn 🌍"}',
        'list services',
      ]);
      expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
      for (const { sender, room } of messages) {
        expect(sender.id).not.toBe('');
        expect(room.id).not.toBe('');
      }
      await input.close();
    });

    it('answers where the message came from: progress, then the end', async () => {
      const { input, type, shown, end } = await make();
      type('deploy');
      end?.();
      await listen(input, 1, async (message) => {
        await message.reply(text('building'), 'progress');
        await message.reply(text('deployed'), 'answer');
      });
      await until(() => /building[^]*deployed/.test(shown()));
      await input.close();
    });

    it('takes replies after it has ended, until it is closed', async () => {
      const { input, type, shown, end } = await make();
      type('slow');
      end?.();
      const [message] = await listen(input, 1);
      await message?.reply(text('at last'), 'answer');
      // A person's program shows it a moment after the network has it.
      await until(() => shown().includes('at last'));
      await input.close();
    });

    it('ends on abort, also while nothing is typed and before it began', async () => {
      const { input, type } = await make();
      const stop = new AbortController();
      type('first');
      for await (const message of input.messages(stop.signal)) {
        message.settled?.();
        stop.abort();
      }
      for await (const message of input.messages(stop.signal)) expect(message).toBeUndefined();
      await input.close();
    });

    it('shows an error like an answer, whatever is in it', async () => {
      const { input, type, shown, end } = await make();
      type('bad');
      end?.();
      await listen(input, 1, (message) =>
        message.reply(text('\u001b]0;evil\u0007 <b>&amp;</b> <!channel> bad end'), 'error'),
      );
      await until(() => shown().includes('bad end'));
      expect(shown()).not.toContain('\u001b]0');
      await input.close();
    });

    it('says what nobody asked for where a message came from, and to its person: progress, then the end', async () => {
      const { input, type, shown, end } = await make();
      type('hello');
      end?.();
      const [message] = await listen(input, 1, (asked) => asked.reply(text('hi'), 'answer'));
      const { room, sender } = message ?? { room: undefined, sender: undefined };
      const places: readonly Place[] = [
        { kind: 'room', room: room?.id ?? '', thread: room?.thread },
        { kind: 'person', person: sender?.id ?? '' },
      ];
      for (const [index, place] of places.entries()) {
        const speech = input.reach?.(place);
        await speech?.say(text(`step ${index}`), 'progress');
        await speech?.say(text(`end ${index}`), 'answer');
        speech?.end();
      }
      await until(() => shown().includes('end 1'));
      expect(shown()).toMatch(/hi[^]*step 0[^]*end 0[^]*step 1[^]*end 1/);
      await input.close();
    });

    it('says at once of a place that it can not be', async () => {
      const { input, nowhere = [], end } = await make();
      end?.();
      expect(input).toHaveProperty('reach');
      for (const place of nowhere) {
        expect(() => input.reach?.(place), JSON.stringify(place)).toThrow(expect.objectContaining({ code: 'config' }));
      }
      await input.close();
    });

    it('can be closed twice', async () => {
      const { input, end } = await make();
      end?.();
      expect(await listen(input, 0)).toEqual([]);
      await input.close();
      await input.close();
    });
  });
}

/** Reads so many messages and, where it has one, to the end, as the bot does: each is answered and settled while the next may come. */
async function listen(
  input: Input,
  count: number,
  answer?: (message: Message) => Promise<void>,
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  const stop = new AbortController();
  let open = 0;
  if (count === 0) stop.abort();
  for await (const message of input.messages(stop.signal)) {
    messages.push(message);
    open += 1;
    void (answer?.(message) ?? Promise.resolve()).finally(() => {
      open -= 1;
      message.settled?.();
    });
    if (messages.length === count) stop.abort();
  }
  await until(() => open === 0);
  return messages;
}
