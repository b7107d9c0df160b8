import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callingNobody, withoutMention } from '../../../src/inputs/hipchat/mention.ts';

describe('being called', () => {
  it.each([
    ['@Micro ping', 'ping'],
    ['@micro ping', 'ping'],
    ['MICRO ping', 'ping'],
    ['@Micro: ping', 'ping'],
    ['@Micro, ping  it', 'ping  it'],
    ['  @Micro   ping', 'ping'],
    ['@Micro\nping', 'ping'],
    ['@Micro', ''],
  ])('%j asks for %j', (text, asked) => expect(withoutMention(text, 'Micro')).toBe(asked));

  it.each([
    'ping',
    '@MicroManager ping',
    'micro-bot ping',
    'hello @Micro',
    '@@Micro ping',
    '@Mike ping',
    "micro's ping",
    '',
  ])('%j is not for the bot', (text) => expect(withoutMention(text, 'Micro')).toBeUndefined());

  it('takes a name for what it is, not for a pattern', () => {
    expect(withoutMention('@aXb ping', 'a.b')).toBeUndefined();
    expect(withoutMention('@a.b ping', 'a.b')).toBe('ping');
  });
});

describe('calling nobody', () => {
  it.each([
    '@all wake up',
    'so @here',
    '("@Asim")',
    '@"Asim Aslam"',
    '{"@type":"x"}',
    'a\n@all',
    '@@all',
  ])('%j', (text) => {
    const said = callingNobody(text);
    expect(said).not.toMatch(/(?<![\p{L}\p{N}_])@[\p{L}\p{N}_"']/u);
    expect(said.replaceAll('\u2060', '')).toBe(text);
  });

  it.each(['me@example.org', 'a @ b', 'x@', ''])('%j stays', (text) => expect(callingNobody(text)).toBe(text));

  it('holds for any text, which reads as before', () => {
    const piece = oneof(string({ unit: 'binary' }), constantFrom('@', '@all', ' ', '"', '\u2060'));
    assert(
      property(array(piece), (pieces) => {
        const text = pieces.join('');
        const said = callingNobody(text);
        expect(said).not.toMatch(/(?<![\p{L}\p{N}_])@[\p{L}\p{N}_"']/u);
        expect(said.replaceAll('\u2060', '')).toBe(text.replaceAll('\u2060', ''));
      }),
    );
  });
});
