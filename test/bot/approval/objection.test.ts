import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/access/access.ts';
import type { Grant } from '../../../src/bot/approval/approvals.ts';
import { objection } from '../../../src/bot/approval/objection.ts';
import { People, wanted } from './world.ts';

type Allowed = Decision & { readonly isAllowed: true };

const allowed = (more: Partial<Allowed> = {}): Allowed => ({
  isAllowed: true,
  person: 'ann',
  why: '',
  path: [],
  confirm: false,
  approvals: 1,
  scopes: ['release'],
  ...more,
});
const identityOf = (user: string): Grant['approvers'][number] => ({ input: 'memory', user, name: user, isKnown: true });
const grant: Grant = { hash: 'abc', approvers: [identityOf('ben')], wanted: wanted() };

const people = (): People => {
  const access = new People();
  access.add('ann', ['memory:ann'], 'release', 'money');
  access.add('ben', ['memory:ben'], 'release');
  return access;
};

describe('a grant, when the line is planned again', () => {
  it('lets pass what was agreed to', () => {
    expect(objection(grant, { hash: 'abc', decisions: [allowed()], access: people() })).toBeUndefined();
  });

  it('lets pass what takes less by now', () => {
    const decisions = [allowed({ approvals: 0, scopes: [] })];
    expect(objection(grant, { hash: 'abc', decisions, access: people() })).toBeUndefined();
  });

  it.each<[string, Partial<Allowed>, string]>([
    ['more approvals', { approvals: 2 }, 'takes 2 who agree'],
    ['another scope', { scopes: ['money'] }, '0 of those who did may still do so'],
    ['a confirmation that was not asked for', { confirm: true }, 'has to be confirmed by now'],
  ])('does not let pass what takes %s by now', (_, more, sentence) => {
    expect(objection(grant, { hash: 'abc', decisions: [allowed(), allowed(more)], access: people() })).toContain(
      sentence,
    );
  });

  it('does not let pass anything else', () => {
    const said = objection(grant, { hash: 'abd', decisions: [allowed()], access: people() });
    expect(said).toBe('deploy has changed since it was approved: ask again');
  });

  it('does not let pass what was agreed to by somebody who lost the role', () => {
    const access = people();
    access.roles.set('ben', new Set());
    expect(objection(grant, { hash: 'abc', decisions: [allowed()], access })).toContain('0 of those who did');
  });

  it('does not let pass what was agreed to by somebody who turned out to be the one who asked', () => {
    const access = people();
    access.links.set('memory:ben', 'ann');
    expect(objection(grant, { hash: 'abc', decisions: [allowed()], access })).toContain('0 of those who did');
  });
});
