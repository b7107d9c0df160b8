import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { courier, type HttpAnswer, type HttpTarget, type Manner } from './courier.ts';
import { eventParcel, hears, ownEvent } from './events.ts';
import type { Fields } from './fields.ts';
import { type Configuration, configuration } from './manifest.ts';
import { channelPace } from './pace.ts';
import { type People, people } from './people.ts';
import { httpServer } from './server.ts';
import { type Settlers, settlers } from './settle.ts';
import { type Sockets, socketServer } from './sockets.ts';
import { type Trouble, troubles } from './trouble.ts';
import { nameOf, webApi } from './web-api.ts';
import {
  type ApiCall,
  channelOf,
  newId,
  type Posted,
  type Shown,
  type ShownView,
  type Workspace,
  workspaceOf,
  type World,
} from './world.ts';

export interface FakeSlackOptions {
  /** How long the app has to acknowledge. Slack: three seconds. */
  readonly ackWithinMs?: number;
  /** After which pause each further try of an event comes. Slack: at once, after a minute, after five. */
  readonly retryAfterMs?: readonly number[];
  readonly maxSockets?: number;
  readonly approximateConnectionTimeS?: number;
  readonly pingMs?: number;
  /** How many messages a channel takes, after `burst`. Default: one a second after four. */
  readonly postsPerSecond?: number;
  readonly burst?: number;
  /** False: the bot does not hear what it says itself. Slack's bots do. */
  readonly echo?: boolean;
  readonly now?: () => number;
}

/** A Slack on the loopback interface, with one workspace, person, channel and direct conversation from the start. */
export interface FakeSlack extends People, Settlers {
  /** Ends in `/api/`. */
  readonly apiUrl: string;
  readonly appId: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** The tokens that configure apps, and the apps' manifests by id: what an operator sees and may change by hand. */
  readonly configuration: Configuration;
  /** The workspace that is there from the start; its token, its bot. */
  readonly home: Workspace;
  /** Its person, its channel, and the direct conversation of both. */
  readonly user: string;
  readonly general: string;
  readonly direct: string;
  readonly sockets: Sockets;
  /** All that was shown, in order. */
  readonly posted: readonly Posted[];
  calls(method?: string): readonly ApiCall[];
  /** A channel's messages as they look now. */
  channel(id?: string, team?: string): readonly Shown[];
  view(id: string): ShownView | undefined;
  /** The modal a person has before them: the one that was opened last. */
  viewOf(user?: string): ShownView | undefined;
  /** What a person's home tab shows. */
  homeOf(user?: string, team?: string): Fields | undefined;
  /** Takes a scope away from the bot; returns what gives it back. */
  withoutScope(scope: string, team?: string): () => void;
  /** Events and interactions go there as signed requests from now on. */
  http(target: HttpTarget): void;
  /** A signed request as it is. */
  post(contentType: string, body: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** Asks the HTTP target whether it is the app's; true when it answers the challenge. */
  verifyUrl(): Promise<boolean>;
  /** From now on requests of this method (`*`, `response_url`, `upload`) suffer this. Returns what ends it. */
  trouble(method: string, trouble: Trouble, times?: number): () => void;
  /** How parcels are sent from now on. */
  deliver(manner: Manner): void;
  /** The port is refused, and every connection ends. */
  down(): Promise<void>;
  /** The same port again. */
  up(): Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const now = options.now ?? Date.now;
  const suffering = troubles();
  const appId = newId('A');
  const tickets = new Set<string>();
  const world: World = {
    appId,
    appToken: `xapp-1-${appId}-${newId('')}`,
    workspaces: new Map(),
    posted: [],
    calls: [],
    triggers: new Map(),
    responseUrls: new Map(),
    views: new Map(),
    homes: new Map(),
    uploads: new Map(),
    origin: () => server.origin,
    now,
    announce(message) {
      if (options.echo === false) return;
      const at = workspaceOf(world, message.team);
      const channel = channelOf(at, message.channel);
      if (channel.members.has(at.botUser) && hears(at, channel)) {
        void post.send(eventParcel(world, at, ownEvent(world, at, channel, message)));
      }
    },
  };
  const sockets = socketServer(
    {
      appId,
      most: options.maxSockets ?? 10,
      approximateConnectionTimeS: options.approximateConnectionTimeS ?? 18_060,
      pingMs: options.pingMs ?? 5_000,
    },
    now,
  );
  const post = courier({
    sockets,
    ackWithinMs: options.ackWithinMs ?? 3_000,
    retryAfterMs: options.retryAfterMs ?? [0, 60_000, 300_000],
  });
  const pace = channelPace(options.postsPerSecond ?? 1, options.burst ?? 4, now);
  const config = configuration(now());
  config.manifests.set(appId, { display_information: { name: 'micro' } });
  const api = webApi(world, config, pace, () => {
    const ticket = newId('ticket');
    tickets.add(ticket);
    return `${server.origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
  });
  const server = await httpServer({
    ...api,
    troubles: suffering,
    name: nameOf,
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
      const ticket = new URL(request.url ?? '/', server.origin).searchParams.get('ticket') ?? '';
      // A ticket admits one socket.
      if (tickets.delete(ticket)) sockets.upgrade(request, socket, head);
      else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
  });

  const settle = settlers(world, () => home.team);
  const home = settle.addWorkspace();
  const user = settle.addUser({ name: 'ann' });
  const general = settle.addChannel({ name: 'general' });
  const direct = settle.addChannel({ kind: 'im', members: [user] });
  const signingSecret = newId('secret');
  const stop = async (): Promise<void> => {
    post.stop();
    sockets.stop();
    await server.down();
  };

  return {
    ...settle,
    ...people(world, post, { team: home.team, channel: general, user }),
    get apiUrl() {
      return `${server.origin}/api/`;
    },
    appId,
    appToken: world.appToken,
    signingSecret,
    configuration: config,
    home,
    user,
    general,
    direct,
    sockets,
    posted: world.posted,
    calls: (method) => world.calls.filter((call) => method === undefined || call.method === method),
    channel: (id = general, team = home.team) => [...channelOf(workspaceOf(world, team), id).messages],
    view: (id) => world.views.get(id),
    viewOf: (of = user) =>
      [...world.views.values()].findLast((shown) => shown.user === of && shown.view['type'] === 'modal'),
    homeOf: (of = user, team = home.team) => world.homes.get(`${team}/${of}`)?.view,
    withoutScope(scope, team = home.team) {
      const { scopes } = workspaceOf(world, team);
      scopes.delete(scope);
      return () => void scopes.add(scope);
    },
    http(target) {
      post.http = target;
    },
    post: (contentType, body, headers) => post.post(contentType, body, headers),
    async verifyUrl() {
      const challenge = newId('challenge');
      const body = JSON.stringify({ token: 'verification', challenge, type: 'url_verification' });
      const answer = await post.post('application/json', body);
      return answer.status === 200 && answer.body.includes(challenge);
    },
    trouble: (method, trouble, times) => suffering.add(method, trouble, times),
    deliver(manner) {
      post.manner = manner;
    },
    down: () => server.down(),
    up: () => server.up(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
