import { afterAll, describe, expect, test } from 'vitest';
import { formatStamp, formatTime } from '../../src/commands/time.ts';
import { say, shell } from './say.ts';
import { newWorld } from './world.ts';

const world = newWorld();
afterAll(() => world.close());

describe('small talk', () => {
  test.each([
    ['ping', 'pong'],
    ['PING', 'pong'],
    ['hello', "hey what's up?"],
    ['echo hello  world', 'hello  world'],
    ['echo "a', '"a'],
    ['echo', 'echo what?'],
    ['echo  ', 'echo what?'],
    ['list', 'list what?'],
    ['get', 'get what?'],
    ['call', 'call what?'],
    ['health', 'health what?'],
    ['stats', 'stats what?'],
    ['watch', 'watch what?'],
    ['list things', 'unknown command...\nsupported commands: \nlist services\nlist nodes [service]'],
    ['get things', 'unknown command...\nsupported commands: \nget service [name]'],
    ['register me', 'unknown command...\nsupported commands: \nregister service [definition]'],
    ['deregister me', 'unknown command...\nsupported commands: \nderegister service [definition]'],
  ])('%s', async (line, answer) => {
    expect(await say(world.set, line)).toBe(answer);
  });

  test.each([
    'the three laws',
    'three laws',
    'The Three Laws Of Robotics',
    'three laws of robotics',
  ])('%s', async (line) => {
    const [empty, ...laws] = (await say(world.set, line)).split('\n');
    expect(empty).toBe('');
    expect(laws.map((law) => law.slice(0, 10))).toEqual(['1. A robot', '2. A robot', '3. A robot']);
  });

  test('tells the time as RFC 1123 has it', async () => {
    expect(await say(world.set, 'time')).toMatch(/^Server time is: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \S+$/);
    expect(formatTime(new Date(2026, 0, 2, 3, 4, 5))).toMatch(/^Fri, 02 Jan 2026 03:04:05 [A-Z]\S*$/);
    expect(formatStamp(new Date(2026, 3, 16, 1, 20, 0))).toBe('Apr 16 01:20:00');
  });

  test('refuses words it would not look at', async () => {
    await expect(say(world.set, 'ping pong')).rejects.toMatchObject({
      code: 'usage',
      message: 'ping takes nothing more\nusage: ping',
    });
  });

  test('fails in a terminal where it asks back in a room', async () => {
    await expect(shell(world.set, ['list', 'things'])).rejects.toMatchObject({ code: 'usage' });
    await expect(shell(world.set, ['echo'])).rejects.toMatchObject({ code: 'usage', message: 'echo what?' });
  });
});
