// Preloaded into a program that is not to know: its timers are over sooner and its clocks run faster, all by the same factor.
import type { Settings } from './messages.ts';

const { clockFactor } = JSON.parse(process.argv[2] ?? '{}') as Settings;

type Timer = (work: () => void, ms?: number, ...rest: unknown[]) => unknown;

const sooner = (original: Timer): Timer =>
  new Proxy(original, {
    apply: (target, self, [work, ms = 0, ...rest]: Parameters<Timer>) =>
      Reflect.apply(target, self, [work, ms / clockFactor, ...rest]),
  });

const faster = (clock: () => number): (() => number) => {
  const startedAt = clock();
  return () => startedAt + (clock() - startedAt) * clockFactor;
};

if (clockFactor !== 1) {
  Object.assign(globalThis, {
    setTimeout: sooner(setTimeout as Timer),
    setInterval: sooner(setInterval as Timer),
  });
  Date.now = faster(Date.now.bind(Date));
  performance.now = faster(performance.now.bind(performance));
}
