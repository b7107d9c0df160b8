// `npm run proofs`: one line each. Exits with 1 when a goal was missed.
import { proofs } from './all.ts';

for (const proof of proofs) {
  const { name, what, goal } = proof;
  const { figure, met } = await proof.run();
  console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${what} | ${figure} | goal: ${goal}`);
  if (!met) process.exitCode = 1;
}
