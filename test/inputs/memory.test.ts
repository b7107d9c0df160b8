import { describe, expect, it } from 'vitest';
import { text } from '../../src/document/document.ts';
import { renderTerminal } from '../../src/document/terminal.ts';
import { memoryInput } from '../../src/inputs/memory/memory.ts';
import { inputContract } from '../contract/input.ts';

inputContract('the memory input', () => {
  const input = memoryInput();
  const replies: string[] = [];
  return {
    input,
    type: (typed) => void input.say(typed, { onReply: ({ document }) => void replies.push(renderTerminal(document)) }),
    shown: () => replies.join('\n'),
    end: () => input.end(),
  };
});

describe('the memory input', () => {
  it('gives all replies when the message is settled, and none when nobody answered', async () => {
    const input = memoryInput('chat');
    const asked = input.say('one', { sender: 'U1', room: 'C1', direct: false, addressed: true });
    const ignored = input.say('two');
    input.end();
    for await (const message of input.messages(new AbortController().signal)) {
      if (message.text === 'one') {
        expect(message).toMatchObject({ sender: { id: 'U1' }, room: { id: 'C1' }, direct: false, addressed: true });
        await message.reply(text('a'), 'progress');
        await message.reply(text('b'), 'answer');
      }
      message.settled?.();
    }
    expect(await asked).toEqual([
      { document: text('a'), kind: 'progress' },
      { document: text('b'), kind: 'answer' },
    ]);
    expect(await ignored).toEqual([]);
  });

  it('throws when it is lost, and keeps what is said until somebody listens again', async () => {
    const input = memoryInput();
    const { signal } = new AbortController();
    const listening = input.messages(signal)[Symbol.asyncIterator]();
    const first = listening.next();
    input.lose();
    await expect(first).rejects.toMatchObject({ code: 'unavailable', message: 'memory was lost' });
    void input.say('later');
    expect((await input.messages(signal)[Symbol.asyncIterator]().next()).value).toMatchObject({ text: 'later' });
  });

  it('settles what nobody will answer any more when it is closed', async () => {
    const input = memoryInput();
    const asked = input.say('ping');
    await input.close();
    expect(await asked).toEqual([]);
  });
});
