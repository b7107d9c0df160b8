import { setTimeout as wait } from 'node:timers/promises';
import type { CallOptions } from '../../src/runtime/client/client.ts';
import type { Proof } from '../proof.ts';
import { type Ends, startCallers } from './callers.ts';
import { type Mortal, startMortal } from './mortal.ts';

const callers = 50;
const kills = 20;

interface Way {
  readonly name: string;
  readonly protocol: 'mucp' | 'grpc';
  readonly metadata: Readonly<Record<string, string>>;
}

const ways: readonly Way[] = [
  { name: 'one call a connection', protocol: 'mucp', metadata: { protocol: 'mucp' } },
  { name: 'multiplexed', protocol: 'mucp', metadata: { protocol: 'mucp', multiplex: 'true' } },
  { name: 'gRPC', protocol: 'grpc', metadata: { protocol: 'grpc' } },
];

/** What callers can choose. */
interface Choice {
  readonly name: string;
  readonly options: CallOptions;
  readonly mostExecutions: number;
  readonly mayFail: boolean;
}

const choices: readonly Choice[] = [
  { name: 'never repeated', options: { retries: 0, timeoutMs: 2000 }, mostExecutions: 1, mayFail: true },
  { name: 'as by default', options: { timeoutMs: 2000 }, mostExecutions: 2, mayFail: true },
  {
    name: 'until it works',
    options: { retries: 1000, backoff: () => 20, timeoutMs: 20_000 },
    mostExecutions: Number.POSITIVE_INFINITY,
    mayFail: false,
  },
];

export const restart: Proof = {
  name: 'restart',
  what: `a service is killed with ${callers} calls in flight and started again, up to ${kills} times for each way to call and to repeat`,
  goal: 'each call ends once, in its time, with its own answer or a reason; what is not to be repeated runs once at most; what is repeated until it works is answered',
  async run(share) {
    const parts: string[] = [];
    let met = true;
    for (const way of ways) {
      for (const choice of choices) {
        const { faults, figure } = await one(way, choice, Math.max(1, Math.round(kills * share)));
        parts.push(`${way.name}, ${choice.name}: ${figure}`);
        for (const fault of faults) console.error(`${way.name}, ${choice.name}: ${fault}`);
        met &&= faults.length === 0;
      }
    }
    return { figure: parts.join('; '), met };
  },
};

async function one(
  way: Way,
  choice: Choice,
  times: number,
): Promise<{ readonly faults: readonly string[]; readonly figure: string }> {
  const mortal = await startMortal(way.protocol);
  const { ends, stop } = startCallers(callers, mortal.address, way.metadata, choice.options);
  try {
    for (let kill = 0; kill < times; kill += 1) await killOnce(mortal, ends, choice);
    await reached(() => ends.inFlight === callers, 'all callers to wait for an answer');
    await stop();
    const { twice, faults } = account(ends, mortal.executions(), choice);
    const figure = `${ends.answered} answered, ${ends.failed} failed, ${twice} ran more than once`;
    return { figure, faults: [...ends.faults, ...faults] };
  } finally {
    await mortal.remove();
    await stop();
  }
}

async function killOnce(mortal: Mortal, ends: Ends, { mayFail }: Choice): Promise<void> {
  const { answered, failed } = ends;
  await reached(() => ends.answered >= answered + 100 && ends.inFlight === callers, 'calls to be answered');
  await mortal.kill();
  if (mayFail) await reached(() => ends.failed >= failed + callers, 'calls to end while nobody is there');
  await mortal.restart();
  const before = ends.answered;
  await reached(() => ends.answered > before, 'calls to be answered again');
}

function account(
  ends: Ends,
  executions: ReadonlyMap<string, number>,
  { mostExecutions, mayFail }: Choice,
): { readonly twice: number; readonly faults: readonly string[] } {
  const faults: string[] = [];
  let twice = 0;
  for (const [id, times] of executions) {
    if (times > 1) twice += 1;
    if (times > mostExecutions) faults.push(`call ${id} ran ${times} times`);
  }
  for (const id of ends.done) if (!executions.has(id)) faults.push(`call ${id} was answered and never ran`);
  if (!mayFail && ends.failed > 0) faults.push(`${ends.failed} calls failed that were to be repeated until they work`);
  return { twice, faults };
}

async function reached(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 15_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await wait(2);
  }
}
