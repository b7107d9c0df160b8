import { expect, it } from 'vitest';
import { type Circuit, describeCircuits } from '../../src/commands/circuits.ts';

const nine = Date.UTC(2026, 10, 21, 9, 0, 0);
const open: Circuit = {
  service: 'billing',
  endpoint: 'Billing.Pay',
  state: 'open',
  since: nine,
  until: nine + 60_000,
};

it.each<[string, Circuit, number, string]>([
  ['open', open, 30_000, ', and is tried again from 09:01:00 UTC'],
  ['open for long enough', open, 60_000, ', and the next call tries it'],
  ['half open', { ...open, state: 'half-open' }, 30_000, ', and is being tried again'],
])('a circuit that is %s says when it is tried again', (_, circuit, later, sentence) => {
  expect(describeCircuits([circuit], nine + later)).toEqual([
    `billing Billing.Pay failed too often and is spared since 09:00:00 UTC${sentence}`,
  ]);
});

it('a circuit of a whole service names no endpoint', () => {
  const [line] = describeCircuits([{ ...open, endpoint: undefined }], nine);
  expect(line).toMatch(/^billing failed too often/);
});
