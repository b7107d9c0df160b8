import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/access/access.ts';
import type { Grant } from '../../../src/bot/approval/approvals.ts';
import { isEnough } from '../../../src/bot/approval/enough.ts';
import { People, wanted } from './world.ts';

type Asked = Pick<Decision & { readonly isAllowed: true }, 'confirm' | 'approvals' | 'scopes'>;

const asked: Asked = { confirm: false, approvals: 1, scopes: ['release'] };
const ben = { input: 'memory', user: 'ben', name: 'ben', isKnown: true };
const grant: Grant = { code: 'K7QD-2M', hash: 'abc', approvers: [ben], wanted: wanted() };

const people = (): People => {
  const access = new People();
  access.add('ann', ['memory:ann'], 'release', 'money');
  access.add('ben', ['memory:ben'], 'release');
  return access;
};

describe('what was agreed to, when it is to run', () => {
  it('is enough for what was asked for, and for less', () => {
    expect(isEnough(grant, asked, people())).toBe(true);
    expect(isEnough(grant, { ...asked, approvals: 0, scopes: [] }, people())).toBe(true);
    expect(isEnough({ ...grant, wanted: wanted({ confirm: true }) }, { ...asked, confirm: true }, people())).toBe(true);
  });

  it.each<[string, Partial<Asked>]>([
    ['more approvals', { approvals: 2 }],
    ['another scope', { scopes: ['money'] }],
    ['a confirmation that was not asked for', { confirm: true }],
    ['a confirmation alone', { confirm: true, approvals: 0 }],
  ])('is not enough for %s', (_, more) => {
    expect(isEnough(grant, { ...asked, ...more }, people())).toBe(false);
  });

  it('is not enough when the scope is no longer asked for, but the one who agreed has lost it', () => {
    const access = people();
    access.roles.set('ben', new Set());
    expect(isEnough(grant, { ...asked, scopes: [] }, access)).toBe(false);
  });

  it('is not enough when the one who agreed turned out to be the one who asked', () => {
    const access = people();
    access.links.set('memory:ben', 'ann');
    expect(isEnough(grant, asked, access)).toBe(false);
  });
});
