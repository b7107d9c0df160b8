import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/access/read.ts';
import { accessBy, parameters } from '../access/ask.ts';

const guide = readFileSync(new URL('../../docs/guides/access.md', import.meta.url), 'utf8');
const example = /```yaml\n([^]*?)```/.exec(guide)?.[1] ?? '';

test('the access file of the guide does what the guide says', async () => {
  await using access = await accessBy(example, { now: () => Date.parse('2026-11-20T09:00:00Z') });
  const ask = (account: string, env: string, more = {}): string =>
    access.ask(account, { parameters: parameters({ env }), ...more });
  expect(ask('slack:T1/U7', 'dev')).toMatch(/^yes/);
  expect(ask('slack:T1/U7', 'prod')).toMatch(/^no: deploy wants the role release .*customers are there/);
  expect(ask('slack:T1/U1', 'prod')).toMatch(/^yes/);
  expect(ask('slack:T1/U1', 'prod', { room: 'T1/C2' })).toMatch(/^no: deploy wants the room slack:T1\/C1/);
  expect(ask('slack:T1/U1', 'dev', { room: 'T1/C9' })).toMatch(/^no: deploy may not run in this room/);
  expect(ask('slack:T1/U1', 'dev', { commands: ['deregister service'] })).toMatch(
    /^no: .*services register themselves/,
  );
  expect(ask('console:ben', 'x', { commands: ['anything'] })).toMatch(/^yes/);
  expect(ask('slack:T2/U7', 'dev')).toMatch(/^no/);
});

test('the guide has each key that a file may have', () => {
  const keys = ['people', 'groups', 'roles', 'defaults', 'rooms', 'rules', 'freezes', 'break_glass', 'console'];
  const conditions = ['command', 'effect', 'with', 'people', 'roles', 'rooms', 'times'];
  const ofRules = [...conditions, 'confirm', 'approvals', 'deny', 'grant', 'because'];
  const rows = [...guide.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  );
  expect(rows).toEqual([...keys, ...ofRules]);
  const told = (text: string): string => {
    try {
      readPolicy(text);
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
    return '';
  };
  for (const key of keys) expect(told(`${key}: 7.5`)).not.toContain('no key that is known');
  for (const key of ofRules) expect(told(`rules: [{${key}: 7.5}]`)).not.toContain('no key that is known');
  expect(told('other: 7.5')).toContain('no key that is known');
});
