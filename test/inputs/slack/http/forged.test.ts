import { describe, expect, it } from 'vitest';
import { forgeries, genuine } from './forgeries.ts';
import { listening } from './listening.ts';
import { exchange, type Request } from './wire.ts';

describe('a forged request', () => {
  it.each(Object.entries(forgeries))('with %s is refused, and not told why', async (_, forge) => {
    await using bot = await listening();
    const { status, head, body: said } = await exchange(bot.url, forge(bot));
    expect({ status, said }).toEqual({ status: 401, said: '' });
    expect(head).toContain('connection: close');
    expect(bot.taken).toEqual([]);
    expect(bot.told).toHaveLength(1);
    // What it was made from would have been taken.
    expect((await exchange(bot.url, genuine(bot))).status).toBe(200);
    expect(bot.taken).toHaveLength(1);
  });
});

const elsewhere: Readonly<Record<string, readonly [status: number, (good: Request) => Request]>> = {
  GET: [405, (good) => ({ ...good, method: 'GET' })],
  PUT: [405, (good) => ({ ...good, method: 'PUT' })],
  HEAD: [405, (good) => ({ ...good, method: 'HEAD' })],
  'a small post': [400, (good) => ({ ...good, method: 'post' })],
  'the root': [404, (good) => ({ ...good, target: '/' })],
  'a slash more': [404, (good) => ({ ...good, target: '/slack/events/' })],
  'two slashes': [404, (good) => ({ ...good, target: '//slack/events' })],
  'an encoded letter': [404, (good) => ({ ...good, target: '/slack/%65vents' })],
  'upper case': [404, (good) => ({ ...good, target: '/Slack/Events' })],
  'a way round': [404, (good) => ({ ...good, target: '/x/../slack/events' })],
  'another host': [404, (good) => ({ ...good, target: 'http://slack.test/slack/events' })],
  'a parameter': [404, (good) => ({ ...good, target: '/slack/events;x=1' })],
  health: [404, (good) => ({ ...good, method: 'GET', target: '/healthz' })],
};

describe('a good request that goes elsewhere', () => {
  it.each(Object.entries(elsewhere))('by %s is not taken', async (_, [status, change]) => {
    await using bot = await listening();
    expect((await exchange(bot.url, change(genuine(bot)))).status).toBe(status);
    expect(bot.taken).toEqual([]);
  });
});
