import { onTestFinished } from 'vitest';
import { createElement as xml, type Element } from '@xmpp/xml';
import type { Document } from '../../../../src/document/document.ts';
import type { ReplyKind } from '../../../../src/inputs/input.ts';
import type { Session } from '../../../../src/inputs/xmpp/account.ts';
import { createAccount } from '../../../../src/inputs/xmpp/account/create.ts';
import { readEncrypted } from '../../../../src/inputs/xmpp/read/encrypted.ts';
import { readMessage } from '../../../../src/inputs/xmpp/read/message.ts';
import type { Own } from '../../../../src/inputs/xmpp/read/own.ts';
import type { Rooms } from '../../../../src/inputs/xmpp/rooms.ts';
import { createRooms } from '../../../../src/inputs/xmpp/rooms/rooms.ts';
import type { Said } from '../../../../src/inputs/xmpp/said.ts';
import { createSpeech, type Speech, type SpeechSettings } from '../../../../src/inputs/xmpp/say/speech.ts';
import { type OpenGate, openGate } from '../../../support/open-gate.ts';
import { unique } from '../../../support/name.ts';
import { until } from '../../../support/until.ts';
import type { XmppServer } from '../../../support/xmpp/server.ts';
import { type MemoryLog, memoryLog } from '../rooms/memory-log.ts';

/** A bot that is logged in on a real server, and does nothing by itself but hear. */
export interface Scene {
  /** Bare. */
  readonly jid: string;
  readonly room: string;
  readonly rooms: Rooms;
  readonly speech: Speech;
  readonly heard: readonly Said[];
  /** All messages that came, of whatever kind. */
  readonly messages: readonly Element[];
  /** The connection of the bot alone. */
  readonly gate: OpenGate;
  readonly log: MemoryLog;
  /** Waits for something that was said. */
  hears(text: string): Promise<Said>;
  /** Answers it, and that is all. */
  answer(said: Said, document: Document, kind?: ReplyKind): Promise<void>;
  readonly session: () => Session | undefined;
}

export interface SceneOptions {
  readonly settings?: SpeechSettings;
  /** Default true. */
  readonly inRoom?: boolean;
}

export async function scene(server: XmppServer, { settings = {}, inRoom = true }: SceneOptions = {}): Promise<Scene> {
  const gate = await openGate(`${server.host}:${server.port}`);
  onTestFinished(() => gate.close());
  const user = await server.addUser(unique('micro'));
  const room = `${unique('ops')}@${server.conference}`;
  const log = memoryLog();
  const heard: Said[] = [];
  const messages: Element[] = [];
  let session: Session | undefined;
  let isOnline = false;
  let isThere = false;
  let since = 0;
  const login = (): Session | undefined => (isOnline ? session : undefined);
  const rooms = createRooms({ nick: 'micro', rooms: inRoom ? [room] : [], log });
  const speech = createSpeech({ session: login, rooms, options: { paceMs: 1, ...settings }, log });
  const own = (): Own => ({ jid: session?.jid ?? '', bare: user.jid, name: 'micro', rooms, since });
  const account = createAccount({
    jid: user.jid,
    password: user.password,
    server: gate.address,
    ca: server.ca,
    log,
    timing: { minDelayMs: 20, maxDelayMs: 200 },
  });
  const stanza = (element: Element): void => {
    // The server tells us, too, that we are there: from then on it knows.
    if (element.is('presence') && element.attrs['from'] === session?.jid) isThere = true;
    if (element.is('message')) messages.push(element);
    if (rooms.take(element) || speech.returned(element)) return;
    const said = readMessage(element, own());
    const unreadable = readEncrypted(element, own());
    if (said !== undefined) heard.push(said);
    if (unreadable !== undefined) speech.cannotRead(unreadable);
  };
  const stop = new AbortController();
  const ended = account.run(
    {
      online(next, isResumed) {
        session = next;
        isOnline = true;
        if (!isResumed) {
          since = Date.now();
          // Without it nothing that is sent to the account comes here.
          next.send(xml('presence')).catch(() => {});
        }
        rooms.online(next, isResumed);
      },
      offline() {
        isOnline = false;
        rooms.offline();
      },
      stanza,
    },
    stop.signal,
  );
  onTestFinished(async () => {
    await speech.close(AbortSignal.abort());
    await rooms.close();
    stop.abort();
    await ended.catch(() => {});
  });
  await Promise.race([until(() => isThere && (!inRoom || rooms.find(room) !== undefined)), ended]);
  return {
    jid: user.jid,
    room,
    rooms,
    speech,
    heard,
    messages,
    gate,
    log,
    hears: (text) => until(() => heard.find((said) => said.text === text)),
    async answer(said, document, kind = 'answer') {
      const talk = speech.talk(said);
      await talk.say(document, kind);
      talk.end();
    },
    session: login,
  };
}
