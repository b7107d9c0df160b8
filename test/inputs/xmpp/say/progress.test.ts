import { afterAll, beforeAll, expect, test } from 'vitest';
import { text } from '../../../../src/document/document.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import { eachServer } from '../../../support/xmpp/each-server.ts';
import type { Heard } from '../../../support/xmpp/heard.ts';
import { type Person, person } from '../../../support/xmpp/person.ts';
import { scene } from './scene.ts';

const states = 'http://jabber.org/protocol/chatstates';

eachServer('progress', (server) => {
  let alice: Person;
  beforeAll(async () => {
    alice = await person(server(), unique('alice'));
  });
  afterAll(() => alice.end());

  const from = (jid: string): readonly Heard[] =>
    alice.messages.filter((message) => message.from.startsWith(jid) && message.body !== '');

  test('is one message that is corrected, and the answer is its end', async () => {
    const bot = await scene(server(), { inRoom: false });
    await alice.say(bot.jid, 'deploy');
    const talk = bot.speech.talk(await bot.hears('deploy'));
    await talk.say(text('building'), 'progress');
    const first = await alice.hears(({ body }) => body === 'building');
    await talk.say(text('pushing'), 'progress');
    const second = await alice.hears(({ body }) => body === 'building\npushing');
    await talk.say(text('deployed'), 'answer');
    talk.end();
    const third = await alice.hears(({ body }) => body === 'building\npushing\ndeployed');
    // It stays the message that it was at first.
    expect([first.replaces, second.replaces, third.replaces]).toEqual([undefined, first.id, first.id]);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
  });

  test('where something else was said meanwhile, what is new begins another message', async () => {
    const bot = await scene(server(), { inRoom: false });
    await alice.say(bot.jid, 'slow one');
    const slow = bot.speech.talk(await bot.hears('slow one'));
    await slow.say(text('one'), 'progress');
    await alice.say(bot.jid, 'quick one');
    await bot.answer(await bot.hears('quick one'), text('done'));
    await slow.say(text('two'), 'progress');
    await slow.say(text('three'), 'answer');
    slow.end();
    await alice.hears(({ body }) => body.endsWith('three'));
    const all = from(bot.jid);
    expect(all[0]).toMatchObject({ body: 'one', replaces: undefined });
    expect(all[1]).toMatchObject({ body: 'done', replaces: undefined });
    // Nothing is lost, nothing is said twice, and only the last message is ever corrected.
    expect(all[2]?.replaces).toBeUndefined();
    expect(all.at(-1)?.body).toBe('two\nthree');
  });

  test('a thousand reports are few messages, and nothing of the end is lost', async () => {
    const bot = await scene(server(), { inRoom: false, settings: { paceMs: 20 } });
    await alice.say(bot.jid, 'much');
    const talk = bot.speech.talk(await bot.hears('much'));
    for (let step = 0; step < 1_000; step += 1) await talk.say(text(`step ${step}.`), 'progress');
    await talk.say(text('done'), 'answer');
    talk.end();
    const end = await alice.hears(({ body, from: who }) => who.startsWith(bot.jid) && body.endsWith('done'));
    expect(end.body).toMatch(/^\(970 earlier ones are not shown\)\nstep 970\.[^]*step 999\.\ndone$/);
    expect(from(bot.jid).length).toBeLessThan(20);
  });

  test('without corrections each message says what is new', async () => {
    const bot = await scene(server(), { inRoom: false, settings: { corrections: false } });
    await alice.say(bot.jid, 'plainly');
    const talk = bot.speech.talk(await bot.hears('plainly'));
    const last = text('three');
    await talk.say(text('one'), 'progress');
    await talk.say(text('two'), 'progress');
    await alice.hears(({ body }) => body.endsWith('two'));
    await talk.say(last, 'progress');
    await alice.hears(({ body }) => body.endsWith('three'));
    await talk.say(last, 'answer');
    talk.end();
    await alice.say(bot.jid, 'after');
    await bot.answer(await bot.hears('after'), text('end'));
    await alice.hears(({ body }) => body === 'end');
    const all = from(bot.jid);
    expect(all.every(({ replaces }) => replaces === undefined)).toBe(true);
    // The answer was the last progress: it is not said again.
    expect(all.map(({ body }) => body)).toEqual(['one', 'two', 'three', 'end']);
  });

  test('an error after progress is said where that was, for all', async () => {
    const bot = await scene(server());
    await alice.join(bot.room, 'alice');
    await alice.sayInRoom(bot.room, 'micro: deploy');
    const talk = bot.speech.talk(await bot.hears('deploy'));
    await talk.say(text('building'), 'progress');
    await talk.say(text('it broke'), 'error');
    talk.end();
    const told = await alice.hears(({ body }) => body === 'alice: building\nit broke');
    expect(told.type).toBe('groupchat');
  });

  test('a person whose program shows it sees that something runs', async () => {
    const bot = await scene(server(), { inRoom: false });
    const body = `<body>sleep</body><active xmlns='${states}'/>`;
    await alice.raw(`<message to='${bot.jid}' type='chat' id='s1'>${body}</message>`);
    const talk = bot.speech.talk(await bot.hears('sleep'));
    await alice.hears(
      ({ element, from: who }) => who.startsWith(bot.jid) && element.getChild('composing', states) !== undefined,
    );
    await talk.say(text('awake'), 'answer');
    talk.end();
    await alice.hears(
      ({ element, body: said }) => said === 'awake' && element.getChild('active', states) !== undefined,
    );
    // Nobody whose program would only keep it gets one.
    const before = alice.messages.length;
    await alice.say(bot.jid, 'sleep again');
    const other = bot.speech.talk(await bot.hears('sleep again'));
    await other.say(text('awake again'), 'answer');
    other.end();
    const plain = await alice.hears(({ body: said }) => said === 'awake again');
    expect(plain.element.getChild('active', states)).toBeUndefined();
    await until(() => alice.messages.length > before);
  });
});
