import { difference } from './difference.ts';
import type { Emit, View } from './follows.ts';
import { pause } from './pause.ts';
import type { Health, Questions } from './questions.ts';

/** One service, seen by a question that Consul answers when it changes, or after `waitMs`. */
export function viewOfOne(questions: Questions, name: string, waitMs: number): View {
  let seen: Health | undefined;

  const put = (now: Health | undefined, emit: Emit): void => {
    const before = seen?.records;
    seen = now;
    for (const event of difference(before, now?.records)) emit(event);
  };

  return {
    async look(emit, signal) {
      put(await questions.health(name, { signal }), emit);
    },
    async follow(emit, signal) {
      for (;;) {
        const now = await questions.health(name, { index: seen?.index, waitMs, signal });
        signal.throwIfAborted();
        if (now === undefined) continue;
        put(now, emit);
        await pause(0, signal);
      }
    },
  };
}
