import { describe, expect, it } from 'vitest';
import { completeLine } from '../../src/bot/complete.ts';
import { commandSet } from '../../src/commands/set.ts';
import { command } from '../support/bot.ts';

const set = commandSet([
  command('list services', () => ''),
  command('list nodes', () => ''),
  command('ping', () => ''),
  command('secret', () => '', { hidden: true }),
  command('get service', () => '', {
    complete: async (before) => (before.length === 0 ? ['greeter', 'Greens'] : ['x']),
  }),
  command('broken', () => '', { complete: () => Promise.reject(new Error('registry lost')) }),
  command('grep', () => '', { filter: (document) => document, complete: async () => ['-i', '-v'] }),
  command('endless', () => '', { complete: () => new Promise(() => {}) }),
]);

describe('completion', () => {
  it.each([
    ['', ['broken', 'endless', 'get', 'list', 'ping']],
    ['l', ['list']],
    ['LI', ['list']],
    ['list ', ['nodes', 'services']],
    ['List s', ['services']],
    ['ping', ['ping']],
    ['ping ', []],
    ['secr', []],
    ['get service ', ['Greens', 'greeter']],
    ['get service GRE', ['Greens', 'greeter']],
    ['get service greeter ', ['x']],
    ['broken ', []],
    ['endless ', []],
    ['nothing ', []],
    ['/l', ['/list']],
    ['/', ['/broken', '/endless', '/get', '/list', '/ping']],
    ['/list s', ['services']],
    ['/get service gree', ['Greens', 'greeter']],
    ['list /s', []],
    ['call "open', []],
    ['g', ['get']],
    ['list services |', []],
    ['list services | ', ['grep']],
    ['list services | gr', ['grep']],
    ['list services | ping', []],
    ['list services | grep ', ['-i', '-v']],
    ['list services | grep -', ['-i', '-v']],
    ['list services | grep x | ', ['grep']],
    ['list services > ', ['me']],
    ['list services > m', ['me']],
    ['list services > me ', []],
    ['get service "a | ', ['Greens', 'greeter']],
    ['get service "|" ', ['x']],
    ['get service {"a": "b | c"} ', ['x']],
  ])('of %j', async (line, expected) => {
    expect(await completeLine(set, line)).toEqual(expected);
  });
});
