import { describe, expect, test } from 'vitest';
import { type Command } from '../../src/commands/command.ts';
import { commandSet } from '../../src/commands/set.ts';
import { suggest } from '../../src/commands/suggest.ts';
import { text } from '../../src/document/document.ts';

const command = (name: string, more: Partial<Command> = {}): Command => ({
  name,
  usage: name,
  description: '',
  source: { kind: 'user' },
  run: async () => text(name),
  ...more,
});

describe('finding a command', () => {
  const set = commandSet([
    command('list services'),
    command('list', { hidden: true }),
    command('get service', { aliases: ['describe'] }),
    command('the three laws', { aliases: ['three laws', 'the three laws of robotics'] }),
  ]);
  const find = (line: string): readonly [string, number] | undefined => {
    const found = set.find(line.split(' '));
    return found === undefined ? undefined : [found.command.name, found.words];
  };

  test('takes the longest name', () => {
    expect(find('list services now')).toEqual(['list services', 2]);
    expect(find('list things')).toEqual(['list', 1]);
    expect(find('the three laws of robotics')).toEqual(['the three laws', 5]);
    expect(find('the three laws of physics')).toEqual(['the three laws', 3]);
    expect(find('three laws')).toEqual(['the three laws', 2]);
    expect(find('describe x')).toEqual(['get service', 1]);
  });

  test('takes no words that were quoted together for words of a name: the ones behind them would be lost', () => {
    expect(set.find(['the', 'three laws', 'x'])).toBeUndefined();
    expect(set.find(['the', 'three laws@1.0', 'x'])).toBeUndefined();
    expect(set.find(['list services', 'x'])).toBeUndefined();
  });

  test('does not care about case', () => {
    expect(find('LIST Services')).toEqual(['list services', 2]);
  });

  test('finds nothing by a part of a name', () => {
    expect(find('the three')).toBeUndefined();
    expect(find('lists')).toBeUndefined();
    expect(set.find([])).toBeUndefined();
  });

  test('takes names that are special in JavaScript for ordinary ones', () => {
    expect(find('constructor')).toBeUndefined();
    expect(find('__proto__')).toBeUndefined();
    expect(commandSet([command('__proto__')]).find(['__proto__'])?.words).toBe(1);
  });

  test('leaves a name to the first who has it', () => {
    const both = commandSet([command('a', { usage: 'first' }), command('b', { aliases: ['a'] })]);
    expect(both.find(['a'])?.command.usage).toBe('first');
  });

  test('knows how far to look', () => {
    expect(set.longest).toBe(5);
    expect(commandSet([]).longest).toBe(0);
  });

  test('sorts by name and tells whether it is old', () => {
    expect(set.commands.map(({ name }) => name)).toEqual(['get service', 'list', 'list services', 'the three laws']);
    expect([set.stale, commandSet([], true).stale]).toEqual([false, true]);
  });

  test('holds many', () => {
    const many = commandSet(Array.from({ length: 10_000 }, (_, index) => command(`deploy service-${index}`)));
    expect(many.find(['deploy', 'service-9999', 'x'])?.command.name).toBe('deploy service-9999');
    expect(many.find(['deploy', 'nothing'])).toBeUndefined();
  });
});

describe('suggesting', () => {
  const set = commandSet([
    command('list services'),
    command('health'),
    command('help'),
    command('deploy'),
    command('call', { aliases: ['query'] }),
    command('secret', { hidden: true }),
  ]);

  test.each([
    ['helth', 'health'],
    ['hepl', 'help'],
    ['delpoy', 'deploy'],
    ['DEPLOI', 'deploy'],
    ['list servces', 'list services'],
    ['lst services', 'list services'],
    ['lits', 'list services'],
    ['qury', 'call'],
  ])('%s → %s', (typed, meant) => {
    expect(suggest(set, typed)).toBe(meant);
  });

  test.each(['good morning', 'x', '', 'secrets', 'z'.repeat(100_000)])('nothing for %.20s', (typed) => {
    expect(suggest(set, typed)).toBeUndefined();
  });
});
