import { expect, test } from 'vitest';
import { accessBy, parameters, question } from './ask.ts';

const list = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => one(index)).join(', ');

/** 1,500 people in 30 groups, of which each of 15 roles has two, and 60 rules about one command. */
const house = `people: {${list(1_500, (at) => `p${at}: [slack:T1/U${at}, "xmpp:p${at}@example.org"]`)}}
groups: {${list(30, (group) => `g${group}: [${list(50, (at) => `p${group * 50 + at}`)}, "slack:T${group + 2}/*"]`)}}
roles: {${list(15, (role) => `r${role}: [g${role * 2}, g${role * 2 + 1}]`)}}
rules: [${list(60, (at) => `{command: deploy, with: {env: e${at}}, people: [g${at % 30}, g${(at * 7) % 30}], roles: r${Math.floor((at % 30) / 2)}}`)}]
`;

/** How often others had their turn meanwhile. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work;
  isOver = true;
  return turns;
}

test('who may is found out in a large house while others have their turn, and is what each would be told', async () => {
  await using access = await accessBy(house);
  const asked = question('slack:T1/U1', { parameters: parameters({ env: 'e2' }) });
  const found = access.whoCan(asked);
  expect(await turnsDuring(found)).toBeGreaterThan(1);
  const able = (await found).map(({ person }) => person);
  const each = Array.from({ length: 1_500 }, (_, at) => `p${at}`).filter(
    (_, at) => access.decide({ ...asked, identity: { ...asked.identity, user: `T1/U${at}` } }).isAllowed,
  );
  expect(able).toEqual(each);
  expect(able).not.toEqual([]);
  const elsewhere = access.elsewhere(question('slack:T1/U1', { parameters: parameters({ env: 'nowhere' }) }));
  expect(await turnsDuring(elsewhere)).toBeGreaterThan(1);
  expect(await elsewhere).toEqual([]);
});
