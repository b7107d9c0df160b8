/**
 * Reads `concurrency` streams for `durationMs`, and closes them. Every number is checked: one more than the one before. Throws the first
 * error.
 */
export async function readAll(open, { concurrency, durationMs }) {
  const streams = await Promise.all(Array.from({ length: concurrency }, open));
  let messages = 0;
  let over = false;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const reader = async (stream) => {
    let last = 0;
    for await (const { n } of stream) {
      last += 1;
      if (n !== last) throw new Error(`got ${n} where ${last} belongs`);
      messages += 1;
      // To ask for the time with each message would cost as much as some messages.
      if (n % 64 === 0 && performance.now() - startedAt > durationMs) over = true;
      if (over) return;
    }
    throw new Error('the stream ended');
  };
  try {
    await Promise.all(streams.map(reader));
    const seconds = (performance.now() - startedAt) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    return { messages, perSecond: messages / seconds, cpuUs: (user + system) / messages };
  } finally {
    for (const stream of streams) await stream.close();
  }
}
