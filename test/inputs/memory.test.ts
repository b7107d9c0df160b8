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
    shown: () => [...replies, ...input.unasked.map(({ document }) => renderTerminal(document))].join('\n'),
    nowhere: [
      { kind: 'room', room: '' },
      { kind: 'person', person: '' },
    ],
    end: () => input.end(),
  };
});

describe('the memory input', () => {
  it('tells what came of a message, when something did', async () => {
    const input = memoryInput();
    const outcomes: string[] = [];
    const onOutcome = (outcome: string): void => void outcomes.push(outcome);
    const said = ['one', 'two'].map((line) => input.say(line, { onOutcome }));
    input.end();
    for await (const message of input.messages(new AbortController().signal)) {
      message.settled?.(message.text === 'one' ? 'denied' : undefined);
    }
    await Promise.all(said);
    expect(outcomes).toEqual(['denied']);
  });

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

  it('tells where something was said, and keeps the last of it', async () => {
    const input = memoryInput();
    const place = { kind: 'person', person: 'ann' } as const;
    for (let index = 0; index <= 1_000; index += 1) await input.reach(place).say(text(String(index)), 'answer');
    expect(input.unasked).toHaveLength(1_000);
    expect(input.unasked.at(-1)).toEqual({ place, document: text('1000'), kind: 'answer' });
    expect(input.unasked[0]?.document).toEqual(text('1'));
  });

  it('says who is not known, where, and in which thread', async () => {
    const input = memoryInput();
    void input.say('hello', { sender: 'ann', isKnown: false, room: 'C1', roomName: '#ops', thread: 'T1' });
    void input.say('hello', { thread: 'T2' });
    input.end();
    const heard: unknown[] = [];
    for await (const { sender, room } of input.messages(new AbortController().signal)) heard.push({ sender, room });
    expect(heard).toEqual([
      { sender: { id: 'ann', name: 'ann', isKnown: false }, room: { id: 'C1', name: '#ops', thread: 'T1' } },
      { sender: { id: 'somebody', name: 'somebody' }, room: { id: 'lobby', name: 'lobby', thread: 'T2' } },
    ]);
  });
});
