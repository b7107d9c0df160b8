import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSlash, entryOf, mark } from '../../../../src/inputs/slack/manifest/slash.ts';
import { wanting } from './wanting.ts';

describe('a slash command that Slack would not have', () => {
  it.each([
    ['remind', 'Slack has a command of this name itself'],
    ['me', 'Slack has a command of this name itself'],
    ['invite', 'Slack has a command of this name itself'],
    ['status', 'Slack has a command of this name itself'],
    ['micro', 'it is the command of the bot itself'],
    ['db backup', 'a slash command is one word of lower case letters, digits, - and _'],
    ['Deploy', 'a slash command is one word of lower case letters, digits, - and _'],
    ['déploie', 'a slash command is one word of lower case letters, digits, - and _'],
    ['', 'a slash command is one word of lower case letters, digits, - and _'],
    ['-x', 'a slash command is one word of lower case letters, digits, - and _'],
    ['a'.repeat(32), 'a slash command has at most 31 characters'],
  ])('%j is left out: %s', (name, reason) => {
    const good = wanting('refund');
    expect(checkSlash([wanting(name), good], 'micro')).toEqual({
      accepted: [good],
      refused: [{ command: wanting(name), reason }],
    });
  });

  it('has one owner, whatever the order', () => {
    const [one, other] = [wanting('deploy', { service: 'a' }), wanting('deploy', { service: 'b' })];
    const checked = { accepted: [one], refused: [{ command: other, reason: 'a has this name' }] };
    expect(checkSlash([one, other], 'micro')).toEqual(checked);
    expect(checkSlash([other, one], 'micro')).toEqual(checked);
  });

  it('may have every character that is left', () => {
    const names = ['a', '7zip', 'db-backup', 'db_backup', 'a'.repeat(31)];
    expect(
      checkSlash(
        names.map((name) => wanting(name)),
        'micro',
      ).refused,
    ).toEqual([]);
  });
});

describe('an entry', () => {
  it('says something also where the service says nothing', () => {
    expect(entryOf(wanting('refund', { description: '', usage: '' }), 'micro', undefined)).toEqual({
      command: '/refund',
      description: 'Runs refund [micro]',
      should_escape: false,
    });
  });

  it('keeps within what Slack takes and can be told as ours, whatever a service says', () => {
    const any = string({ unit: 'grapheme', maxLength: 3000 });
    assert(
      property(any, any, (description, usage) => {
        const entry = entryOf(wanting('x', { description, usage }), 'micro', undefined);
        expect(entry.description.length).toBeLessThanOrEqual(2000);
        expect(entry.description.endsWith(mark('micro'))).toBe(true);
        expect(entry.usage_hint?.length ?? 0).toBeLessThanOrEqual(1000);
        expect(entry.description).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
      }),
    );
  });
});
