import { setMaxListeners } from 'node:events';
import { Channel, connectivityState, Metadata } from '@grpc/grpc-js';
import {
  AuthClient,
  type ICallable,
  type IRangeRequest,
  KVClient,
  LeaseClient,
  type Services,
  WatchClient,
} from 'etcd3';
import { Host } from 'etcd3/lib/connection-pool.js';
import { orAborted } from '../../async/aborted.ts';
import { type Place, placeName } from './address.ts';
import { type Ask, askMethod, askRange } from './calls.ts';
import { type Security, Sockets } from './sockets.ts';

/** What can be asked. */
export interface Rpc {
  readonly kv: KVClient;
  readonly lease: LeaseClient;
  /** Streams are not ended by the signal. */
  readonly watch: WatchClient;
}

/** One connection to one member. When it is broken it stays so; a new one takes its place. */
export interface Line {
  readonly isBroken: boolean;
  /** When the member has said something last, in the time of `performance.now`. */
  readonly heardAt: number;
  /** The questions end with the signal. */
  rpc(signal: AbortSignal): Rpc;
  /** A range request whose answer is left as it came. */
  rawRange(request: IRangeRequest, signal: AbortSignal): Promise<Buffer>;
  /** What was agreed on with the password counts no more: the next question agrees anew. */
  forgetToken(): void;
  /** Cuts it. Whoever waits for an answer gets an error. */
  close(): void;
}

export interface LineOptions {
  readonly place: Place;
  readonly security: Security | undefined;
  readonly user: { readonly name: string; readonly password: string } | undefined;
}

/** More than any page of a list (list.ts asks for smaller ones then); the library's own limit is 4 MiB. */
const maxMessageBytes = 64 << 20;

const channelOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.max_send_message_length': -1,
  // What is shared among channels outlives them.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_channelz': 0,
  'grpc.enable_retries': 0,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  // A page comes in a few big pieces.
  'grpc-node.flow_control_window': 4 << 20,
} as const;

type ServiceName = keyof typeof Services;
export function openLine({ place, security, user }: LineOptions): Line {
  const sockets = new Sockets(place.host, security);
  const address = placeName(place);
  const channel = new Channel(address, sockets, channelOptions);
  const host = new Host(address, sockets, { ...channelOptions, channelOverride: channel });
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  let heardAt = performance.now();
  let wasReady = false;
  let token: Promise<string> | undefined;

  const unary = <T>(service: ServiceName, ask: Ask, metadata: Metadata, signal: AbortSignal): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      signal.throwIfAborted();
      const call = ask(host.getServiceClient(service), metadata, (error, answer) => {
        signal.removeEventListener('abort', cancel);
        if (error === null || error.details.startsWith('etcdserver')) heardAt = performance.now();
        if (error === null) {
          wasReady = true;
          resolve(answer as T);
        } else reject(signal.aborted ? (signal.reason as Error) : error);
      });
      const cancel = (): void => call.cancel();
      signal.addEventListener('abort', cancel, { once: true });
    });

  const authenticate = ({ name, password }: NonNullable<typeof user>): Promise<string> => {
    const ask = callable(over.signal, () => Promise.resolve(new Metadata()));
    const answer = new AuthClient(ask).authenticate({ name, password }).then((response) => response.token);
    // Whoever asks next shall try again.
    answer.catch(() => {
      if (token === answer) token = undefined;
    });
    return answer;
  };

  const withToken = async (signal: AbortSignal): Promise<Metadata> => {
    const metadata = new Metadata();
    // A member that has lost the others says so at once instead of after seconds, and ends its watches.
    metadata.set('hasleader', 'true');
    if (user === undefined) return metadata;
    token ??= authenticate(user);
    metadata.set('token', await orAborted(token, signal));
    return metadata;
  };

  const callable = (signal: AbortSignal, metadata: () => Promise<Metadata>): ICallable<undefined> => ({
    callOptionsFactory: undefined,
    exec: async (service, method, request) => unary(service, askMethod(method, request), await metadata(), signal),
    withConnection: async (service, use) => {
      const agreed = await metadata();
      signal.throwIfAborted();
      return use({ resource: undefined, client: host.getServiceClient(service), metadata: agreed });
    },
    markFailed: () => {},
  });

  return {
    get isBroken() {
      return over.signal.aborted || (wasReady && channel.getConnectivityState(false) !== connectivityState.READY);
    },
    get heardAt() {
      return heardAt;
    },
    rpc(signal) {
      const ask = callable(signal, () => withToken(signal));
      return { kv: new KVClient(ask), lease: new LeaseClient(ask), watch: new WatchClient(ask) };
    },
    async rawRange(request, signal) {
      return unary('KV', askRange(request), await withToken(signal), signal);
    },
    forgetToken() {
      token = undefined;
    },
    close() {
      if (over.signal.aborted) return;
      over.abort(new Error('the connection was given up'));
      sockets.close();
      channel.close();
    },
  };
}
