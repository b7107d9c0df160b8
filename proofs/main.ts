// npm run proofs [-- NAME … --share=0.02]: one line each; the first words of a name stand for all that begin so. Exits with 1 when a goal
// was missed, with 2 when there is no such proof.
import { parseArgs } from 'node:util';
import { proofs } from './all.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { share: { type: 'string', default: '1' } },
});
const share = Number(values.share);
const means = (wanted: string, name: string): boolean => `${name} `.startsWith(`${wanted} `);
const unknown = positionals.filter((wanted) => !proofs.some(({ name }) => means(wanted, name)));
if (unknown.length > 0 || !(share > 0 && share <= 1)) {
  const names = proofs.map(({ name }) => `"${name}"`).join(', ');
  console.error(`takes names of proofs (${names}) and --share, more than 0 and at most 1`);
  process.exit(2);
}
for (const listed of proofs) {
  if (positionals.length > 0 && !positionals.some((wanted) => means(wanted, listed.name))) continue;
  const proof = await listed.load();
  const { name, what, goal } = proof;
  const { figure, met } = await proof.run(share);
  console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${what} | ${figure} | goal: ${goal}`);
  if (!met) process.exitCode = 1;
}
