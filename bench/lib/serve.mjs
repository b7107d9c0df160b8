/**
 * The other end of `startChild`: says what `start` resolves to and answers questions with `answer`. Ends with its parent,
 * so that no process outlives a run.
 */
export async function serve(start, answer) {
  process.on('disconnect', () => process.exit(0));
  const failed = (error) =>
    process.send({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.on('unhandledRejection', failed);
  try {
    const ready = await start();
    process.on('message', (question) => {
      answer(question).then((value) => process.send(value), failed);
    });
    process.send({ ready: ready ?? true });
  } catch (error) {
    failed(error);
  }
}
