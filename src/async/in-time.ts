/** What the promise gives, or what `late` gives when `ms` milliseconds were not enough; without `late` that is a rejection. */
export function inTime<T>(promise: Promise<T>, ms: number, late: () => T = tooLate(ms)): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(asError(error));
      }
    }, ms);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(asError(error));
      },
    );
  });
}

const tooLate = (ms: number) => (): never => {
  throw new Error(`no answer within ${ms / 1_000} s`);
};

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
