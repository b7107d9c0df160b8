// `npm run proofs`: one line each. Exits with 1 when a goal was missed.
import { proofs } from './all.ts';

for (const { name, what, goal, run } of proofs) {
  const { figure, met } = await run();
  console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${what} | ${figure} | goal: ${goal}`);
  if (!met) process.exitCode = 1;
}
