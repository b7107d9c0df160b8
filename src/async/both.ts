interface Closing {
  close(): Promise<void>;
}

/** Both, or neither: what one of them opened is closed when the other one fails. Rejects as the first one that failed. */
export async function both<A extends Closing, B extends Closing>(
  one: Promise<A>,
  other: Promise<B>,
): Promise<readonly [A, B]> {
  const [first, second] = await Promise.allSettled([one, other]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const each of [first, second]) if (each.status === 'fulfilled') await each.value.close();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}
