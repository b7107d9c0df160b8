import { expect, onTestFinished } from 'vitest';
import { text } from '../../../src/document/document.ts';
import { type HipchatOptions, hipchatInput } from '../../../src/inputs/hipchat/hipchat.ts';
import type { Input, Message } from '../../../src/inputs/input.ts';
import { recordedLog, type RecordedLog } from '../../support/recorded.ts';

/** HipChat as an input. Who means the bot and says `ping` is answered, and what a test wants to have answered. */
export interface Scene {
  readonly input: Input;
  readonly log: RecordedLog;
  /** What was meant for the bot. */
  readonly heard: readonly Message[];
  /** As at the end of the program. */
  readonly leave: () => Promise<void>;
}

export interface SceneOptions extends HipchatOptions {
  readonly answer?: ((message: Message) => Promise<void>) | undefined;
}

export function scene({ answer, ...given }: SceneOptions): Scene {
  const log = recordedLog();
  const input = hipchatInput({ log, ...given });
  const heard: Message[] = [];
  const stop = new AbortController();

  const respond = async (message: Message): Promise<void> => {
    if (message.text === 'ping') await message.reply(text('pong'), 'answer');
    else await answer?.(message);
  };
  const listen = async (): Promise<void> => {
    for await (const message of input.messages(stop.signal)) {
      if (message.direct || message.addressed) {
        heard.push(message);
        respond(message)
          .catch((error: unknown) => log.warn(`not answered: ${String(error)}`))
          .finally(() => message.settled?.());
      } else message.settled?.();
    }
  };
  const listening = listen();
  const leave = async (): Promise<void> => {
    stop.abort();
    await listening;
    await input.close();
  };
  let leaving: Promise<void> | undefined;
  const once = (): Promise<void> => {
    leaving ??= leave();
    return leaving;
  };
  onTestFinished(async () => {
    await once();
    expect(JSON.stringify(log.lines)).not.toContain('canary');
  });
  return { input, log, heard, leave: once };
}
