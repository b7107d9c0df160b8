import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createNotifier,
  type Notice,
  type Notifier,
  type NotifierOptions,
} from '../../../../src/inputs/hipchat/notify/notifier.ts';
import type { HipchatRoom } from '../../../../src/inputs/hipchat/room.ts';
import { type LogFields, silent } from '../../../../src/log/log.ts';
import { authority } from '../../../support/tls.ts';
import { type FakeRest, type FakeRestOptions, startFakeRest, type Trouble } from '../fake/rest.ts';

const token = 'canary-token-8d1f';
const lobby: HipchatRoom = {
  jid: '1_lobby@conf.test',
  name: 'Lobby',
  id: '4711',
  isArchived: false,
};
const pong: Notice = { color: 'green', html: '@Asim: pong' };
const never = new AbortController().signal;

interface Scene {
  readonly rest: FakeRest;
  readonly notifier: Notifier;
}

async function scene(options: Partial<NotifierOptions> = {}, fake: Partial<FakeRestOptions> = {}): Promise<Scene> {
  const rest = await startFakeRest({ token, rooms: ['4711', 'Dev Ops/1'], ...fake });
  onTestFinished(async () => {
    await rest[Symbol.asyncDispose]();
  });
  return { rest, notifier: createNotifier({ apiUrl: rest.apiUrl, token, log: silent, ...options }) };
}

describe('notifications', () => {
  it('are posted as the reference has it', async () => {
    const { rest, notifier } = await scene();
    expect(await notifier.notify(lobby, pong, never)).toBe(true);
    expect(rest.taken).toEqual([
      { room: '4711', color: 'green', message: '@Asim: pong', format: 'html', card: undefined },
    ]);
  });

  it('know a room by its name where it has no id, and need one of both', async () => {
    const { rest, notifier } = await scene();
    expect(await notifier.notify({ ...lobby, id: undefined, name: 'Dev Ops/1' }, pong, never)).toBe(true);
    expect(rest.taken[0]?.room).toBe('Dev Ops/1');
    expect(await notifier.notify({ ...lobby, id: undefined, name: '' }, pong, never)).toBe(false);
    expect(rest.requests).toBe(1);
  });

  it('go out without their card where cards are refused', async () => {
    const { rest, notifier } = await scene({}, { refusesCards: true });
    const card = { style: 'application', format: 'medium', id: 'x', title: 't', attributes: [] } as const;
    expect(await notifier.notify(lobby, { ...pong, card }, never)).toBe(true);
    expect(rest.taken.map((each) => each.card)).toEqual([undefined]);
  });

  it('wait when there were too many, if that is soon over', async () => {
    const { rest, notifier } = await scene();
    rest.trouble({ kind: 'answer', status: 429, headers: { 'retry-after': '0' } });
    expect(await notifier.notify(lobby, pong, never)).toBe(true);
    expect(rest.requests).toBe(2);
  });

  it.each([
    ['Retry-After', (): Readonly<Record<string, string>> => ({ 'retry-after': '3600' })],
    ['the reset of a minute', () => ({ 'x-floodcontrol-reset': String(Math.ceil(Date.now() / 1000) + 50) })],
    ['nothing', () => ({})],
  ])('are not waited for when it takes long, by %s', async (_, headers) => {
    const { rest, notifier } = await scene();
    rest.trouble({ kind: 'answer', status: 429, headers: headers() });
    expect(await notifier.notify(lobby, pong, never)).toBe(false);
    // The room is left alone until then, others are not.
    expect(await notifier.notify(lobby, pong, never)).toBe(false);
    expect(await notifier.notify({ ...lobby, id: 'Dev Ops/1' }, pong, never)).toBe(true);
    expect(rest.requests).toBe(2);
  });

  it.each([500, 503, 400, 413])('are not there after HTTP %i: it can be said another way', async (status) => {
    const { rest, notifier } = await scene();
    rest.trouble({ kind: 'answer', status });
    expect(await notifier.notify(lobby, pong, never)).toBe(false);
    expect(await notifier.notify(lobby, pong, never)).toBe(true);
  });

  it.each<[string, Trouble]>([
    ['HTTP 502', { kind: 'answer', status: 502 }],
    ['HTTP 504', { kind: 'answer', status: 504 }],
    ['a cut', { kind: 'cut' }],
    ['silence', { kind: 'silence' }],
  ])('may be there after %s: they are not said again', async (_, trouble) => {
    const { rest, notifier } = await scene({ timeoutMs: 300 });
    rest.trouble(trouble);
    await expect(notifier.notify(lobby, pong, never)).rejects.toMatchObject({ name: 'XmppError', code: 'unavailable' });
    expect(rest.requests).toBe(1);
  });

  it('go another way while a room is not known to it', async () => {
    const { rest, notifier } = await scene({}, { rooms: [] });
    expect(await notifier.notify(lobby, pong, never)).toBe(false);
    expect(await notifier.notify(lobby, pong, never)).toBe(false);
    expect(rest.requests).toBe(1);
  });

  it('go another way with a token that is refused: told once, without the token', async () => {
    const lines: string[] = [];
    const note = (message: string, fields?: LogFields): void => void lines.push(message + inspect(fields));
    const log = { debug: note, info: note, warn: note, error: note };
    const { rest, notifier } = await scene({ token: 'canary-other', restMs: 0, log });
    for (let times = 0; times < 3; times += 1) expect(await notifier.notify(lobby, pong, never)).toBe(false);
    expect(rest.requests).toBe(3);
    expect(lines).toEqual([expect.stringContaining('HipChat refuses the token for notifications')]);
    expect(lines.join()).not.toContain('canary');
  });

  it('follow nobody elsewhere: the token is not for others', async () => {
    const other = await scene();
    const { rest, notifier } = await scene();
    const location = `${other.rest.apiUrl}room/4711/notification`;
    rest.trouble({ kind: 'answer', status: 307, headers: { location } });
    expect(await notifier.notify(lobby, pong, never)).toBe(false);
    expect(other.rest.requests).toBe(0);
  });

  it('go another way when nobody is there', async () => {
    const gone = await scene();
    await gone.rest[Symbol.asyncDispose]();
    expect(await gone.notifier.notify(lobby, pong, never)).toBe(false);
  });

  it('are given up with the bot, also while they wait', async () => {
    const { rest, notifier } = await scene({ patienceMs: 60_000 });
    rest.trouble({ kind: 'answer', status: 429, headers: { 'retry-after': '30' } });
    const stop = new AbortController();
    const waiting = notifier.notify(lobby, pong, stop.signal);
    stop.abort();
    expect(await waiting.catch(() => false)).toBe(false);
    expect(rest.taken).toEqual([]);
  });
});

describe('notifications over TLS', () => {
  it('trust the authorities they are told', async () => {
    const { ca, server } = authority();
    const { rest, notifier } = await scene({ ca }, { tls: server });
    expect(await notifier.notify(lobby, pong, never)).toBe(true);
    expect(rest.taken).toHaveLength(1);
  });

  it.each(['nobody vouches for it', 'it is for another host'] as const)('send no token when %s', async (why) => {
    const { ca, server, elsewhere } = authority();
    const isStranger = why === 'nobody vouches for it';
    const { rest, notifier } = await scene(isStranger ? {} : { ca }, { tls: isStranger ? server : elsewhere });
    expect(await notifier.notify(lobby, pong, never)).toBe(false);
    expect(rest.requests).toBe(0);
  });
});
